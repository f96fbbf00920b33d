//! A call as bytes that another program wrote: checked by the chain's metadata, and sent as it is.

use subxt::{
    config::{substrate::BlakeTwo256, Hasher},
    ext::scale_encode::{
        EncodeAsFields, EncodeAsType, Error as EncodeError, FieldIter, TypeResolver,
    },
    tx::Payload,
    utils::H256,
    ArcMetadata,
};

use crate::{
    calls::Call,
    words::{self, Unreadable, Words},
    SubmitError,
};

/// Pallet and call stand in front, a byte each.
const INDICES: usize = 2;

/// Why there is no such call.
#[derive(Debug, thiserror::Error)]
pub enum NoCall {
    /// The bytes are none.
    #[error("this is no call of the chain: {0}. Has it been made for the runtime that the chain runs now?")]
    Unreadable(#[from] Unreadable),
    /// The chain has no way for its root to do one.
    #[error("the chain has no call Consortium.enact: connect to a node of SmartLinkDrive")]
    NoEnact,
}

/// A call in SCALE, of which it is known that the chain can read it.
#[derive(Clone, Debug)]
pub struct EncodedCall {
    bytes: Vec<u8>,
    words: Words,
    pallet: String,
    name: String,
    arguments: Arguments,
}

impl EncodedCall {
    /// Reads a call: all of the bytes have to be one.
    ///
    /// # Errors
    /// They are none, or more than one.
    pub fn read(metadata: &ArcMetadata, bytes: Vec<u8>) -> Result<Self, NoCall> {
        let words = words::of_call(metadata, &bytes)?;
        let (pallet, name) = match words.members().first() {
            Some((pallet, name)) => ((*pallet).to_owned(), (*name).to_owned()),
            None => (String::new(), String::new()),
        };
        let arguments = Arguments(bytes.get(INDICES..).unwrap_or_default().to_vec());
        Ok(Self { bytes, words, pallet, name, arguments })
    }

    /// Encodes a call.
    ///
    /// # Errors
    /// The chain's metadata has no such call.
    pub fn of(metadata: &ArcMetadata, call: &Call) -> Result<Self, SubmitError> {
        let unfit = |reason: String| SubmitError::Encode { call: "a call".to_owned(), reason };
        let ty = metadata.outer_enums().call_enum_ty();
        let bytes = call.encode_as_type(ty, metadata.types()).map_err(|e| unfit(e.to_string()))?;
        Self::read(metadata, bytes).map_err(|e| unfit(e.to_string()))
    }

    /// This call, done by the root of the chain: `consortium.enact`.
    ///
    /// # Errors
    /// The chain has no such call.
    pub fn enacted(&self, metadata: &ArcMetadata) -> Result<Self, NoCall> {
        let pallet = metadata.pallet_by_name("Consortium").ok_or(NoCall::NoEnact)?;
        let call = pallet.call_variant_by_name("enact").ok_or(NoCall::NoEnact)?;
        let index = [pallet.call_index(), call.index];
        Self::read(metadata, [&index[..], &self.bytes].concat())
    }

    /// The bytes, with the indices of pallet and call in front.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The blake2-256 of the bytes: how the council, multisig and preimages name a call.
    pub fn hash(&self) -> H256 {
        BlakeTwo256.hash(&self.bytes)
    }

    /// What it says.
    pub fn words(&self) -> &Words {
        &self.words
    }

    /// Pallet and call, such as `Balances.transfer_keep_alive`.
    pub fn name(&self) -> String {
        format!("{}.{}", self.pallet, self.name)
    }
}

impl Payload for EncodedCall {
    type CallData = Arguments;

    fn pallet_name(&self) -> &str {
        &self.pallet
    }

    fn call_name(&self) -> &str {
        &self.name
    }

    fn call_data(&self) -> &Arguments {
        &self.arguments
    }
}

/// The arguments of a call as they were written.
#[derive(Clone, Debug)]
pub struct Arguments(Vec<u8>);

impl EncodeAsFields for Arguments {
    fn encode_as_fields_to<R: TypeResolver>(
        &self,
        _: &mut dyn FieldIter<'_, R::TypeId>,
        _: &R,
        out: &mut Vec<u8>,
    ) -> Result<(), EncodeError> {
        out.extend_from_slice(&self.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use smartlink_primitives::Money;

    use super::*;
    use crate::{
        calls,
        testing::{at, encoded, metadata},
        Account,
    };

    fn transfer() -> Call {
        calls::transfer_in_batch(Account::from_uri("//Bob").unwrap().id(), Money::yuan(1))
    }

    #[test]
    fn what_is_signed_is_what_was_written() {
        let bytes = encoded(&transfer());
        let call = EncodedCall::read(&metadata(), bytes.clone()).unwrap();
        assert_eq!(call.name(), "Balances.transfer_keep_alive");
        assert_eq!(at().tx().call_data(&call).unwrap(), bytes);
        assert_eq!(EncodedCall::of(&metadata(), &transfer()).unwrap().bytes(), bytes);
    }

    #[test]
    fn a_call_that_the_root_does_is_in_enact() {
        let exit = Call::SafeMode(crate::api::safe_mode::Call::force_exit);
        let call = EncodedCall::of(&metadata(), &exit).unwrap().enacted(&metadata()).unwrap();
        let enact = crate::api::consortium::Call::enact { call: Box::new(exit) };
        assert_eq!(call.bytes(), encoded(&Call::Consortium(enact)));
    }

    #[test]
    fn bytes_that_are_none_are_refused_with_the_reason() {
        let mut bytes = encoded(&transfer());
        bytes.extend([1, 2, 3]);
        let error = EncodedCall::read(&metadata(), bytes).unwrap_err().to_string();
        assert!(error.contains("3 bytes are left over") && error.contains("runtime"), "{error}");
        assert!(EncodedCall::read(&metadata(), Vec::new()).is_err());
    }
}
