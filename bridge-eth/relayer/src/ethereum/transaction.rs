//! Transactions of the second type (EIP-1559) as bytes: RLP, of which the hash is signed.

use alloy_primitives::{keccak256, Address, B256};

use super::Order;

/// The type, in front of the bytes (EIP-2718).
const TYPE: u8 = 2;

/// A transaction that is not signed yet.
pub struct Transaction1559 {
    /// Its fields, each in RLP.
    fields: Vec<u8>,
}

impl From<Order> for Transaction1559 {
    fn from(order: Order) -> Self {
        let Order { chain_id, nonce, gas, fees, to, data } = order;
        let mut fields = Vec::with_capacity(data.len() + 128);
        for number in [chain_id.into(), nonce.into(), fees.tip, fees.most, gas.into()] {
            write_number(number, &mut fields);
        }
        write_string(to.as_ref().map_or(&[][..], |to| to.as_slice()), &mut fields);
        // Nothing is given to it.
        write_number(0, &mut fields);
        write_string(&data, &mut fields);
        // No access list.
        fields.extend(list(&[]));
        Self { fields }
    }
}

impl Transaction1559 {
    /// What is signed.
    pub fn digest(&self) -> B256 {
        keccak256(typed(&self.fields))
    }

    /// Its hash, and its bytes, with a signature: r and s, and whether the point is odd.
    pub fn signed(mut self, numbers: &[u8; 64], is_odd: bool) -> (B256, Vec<u8>) {
        write_number(is_odd.into(), &mut self.fields);
        let (r, s) = numbers.split_at(32);
        write_string(without_zeros(r), &mut self.fields);
        write_string(without_zeros(s), &mut self.fields);
        let bytes = typed(&self.fields);
        (keccak256(&bytes), bytes)
    }
}

/// The address of the contract that an account's transaction with this nonce makes.
pub fn made_by(account: Address, nonce: u64) -> Address {
    let mut fields = Vec::with_capacity(32);
    write_string(account.as_slice(), &mut fields);
    write_number(nonce.into(), &mut fields);
    Address::from_word(keccak256(list(&fields)))
}

fn typed(fields: &[u8]) -> Vec<u8> {
    let mut bytes = vec![TYPE];
    bytes.extend(list(fields));
    bytes
}

/// A list of what is written already.
fn list(fields: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(fields.len() + 9);
    write_length(0xc0, fields.len(), &mut bytes);
    bytes.extend_from_slice(fields);
    bytes
}

/// A number: its bytes without zeros in front.
fn write_number(number: u128, to: &mut Vec<u8>) {
    write_string(without_zeros(&number.to_be_bytes()), to);
}

fn write_string(string: &[u8], to: &mut Vec<u8>) {
    match string {
        [byte @ 0..0x80] => to.push(*byte),
        _ => {
            write_length(0x80, string.len(), to);
            to.extend_from_slice(string);
        }
    }
}

/// A length: behind `base` up to 55, and beyond that how many bytes it has itself, and these.
fn write_length(base: u8, length: usize, to: &mut Vec<u8>) {
    match u8::try_from(length) {
        Ok(short @ 0..=55) => to.push(base + short),
        _ => {
            let bytes = length.to_be_bytes();
            let bytes = without_zeros(&bytes);
            // Eight at most.
            to.push(base + 55 + bytes.len() as u8);
            to.extend_from_slice(bytes);
        }
    }
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let front = bytes.iter().take_while(|byte| **byte == 0).count();
    &bytes[front..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(bytes: &[u8]) -> Vec<u8> {
        let mut written = Vec::new();
        write_string(bytes, &mut written);
        written
    }

    /// The first contracts that the first account of every development chain makes.
    #[test]
    fn the_address_of_a_contract_is_known_before_it_is_made() {
        let account = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266".parse().unwrap();
        let made = [0, 1].map(|nonce| made_by(account, nonce).to_string());
        assert_eq!(made[0], "0x5FbDB2315678afecb367f032d93F642f64180aa3");
        assert_eq!(made[1], "0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512");
    }

    /// The examples of Ethereum's specification of RLP.
    #[test]
    fn what_is_written_is_as_ethereum_has_it() {
        assert_eq!(string(b"dog"), [0x83, b'd', b'o', b'g']);
        assert_eq!(string(b""), [0x80]);
        assert_eq!(string(&[0x0f]), [0x0f]);
        assert_eq!(string(&[0x80]), [0x81, 0x80]);
        assert_eq!(list(&[]), [0xc0]);
        assert_eq!(list(&[string(b"cat"), string(b"dog")].concat())[..2], [0xc8, 0x83]);
        let mut number = Vec::new();
        write_number(0, &mut number);
        write_number(1_024, &mut number);
        assert_eq!(number, [0x80, 0x82, 0x04, 0x00]);
        let long = string(&[7; 56]);
        assert_eq!((long[..2].to_vec(), long.len()), (vec![0xb8, 56], 58));
        assert_eq!(list(&[7; 1_024])[..3], [0xf9, 0x04, 0x00]);
    }
}
