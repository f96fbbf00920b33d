//! The contract as it is built: its bytes, and its interface, of which every call, event and error is made.

use std::sync::OnceLock;

use alloy_primitives::{keccak256, Bytes, B256};
use serde::Deserialize;

/// What `forge build` made, kept under version control.
const TEXT: &str = include_str!("../../contracts/artifacts/SmartLinkAnchor.json");

/// The contract as it is built.
#[derive(Debug, Deserialize)]
pub struct Artifact {
    bytecode: Bytecode,
    abi: Vec<Entry>,
}

#[derive(Debug, Deserialize)]
struct Bytecode {
    object: Bytes,
}

#[derive(Debug, Deserialize)]
struct Entry {
    r#type: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    inputs: Vec<Parameter>,
    #[serde(default)]
    outputs: Vec<Parameter>,
}

#[derive(Debug, Deserialize)]
struct Parameter {
    r#type: String,
    #[serde(default)]
    components: Vec<Parameter>,
}

/// The contract as it is built.
pub fn artifact() -> &'static Artifact {
    static READ: OnceLock<Artifact> = OnceLock::new();
    // The text is a part of this program, and a test reads it.
    READ.get_or_init(|| serde_json::from_str(TEXT).expect("the artifact is JSON of this form"))
}

impl Artifact {
    /// The bytes that make the contract, without what it is made with.
    pub const fn bytecode(&self) -> &Bytes {
        &self.bytecode.object
    }

    /// A function with the types that it takes and gives, as `cast` wants it: `holds(uint32,bytes32)(bool)`. Empty: there is
    /// none of this name.
    pub fn signature(&self, name: &str) -> String {
        let found = self.entry("function", name);
        found.map_or_else(String::new, |entry| {
            format!("{}{}", entry.with_inputs(), types(&entry.outputs))
        })
    }

    /// The four bytes by which a function is called. Zero, which calls nothing: there is none of this name.
    pub fn selector(&self, name: &str) -> [u8; 4] {
        self.entry("function", name).map_or([0; 4], Entry::selector)
    }

    /// The topic by which an event is found. Zero, which finds nothing: there is none of this name.
    pub fn topic(&self, name: &str) -> B256 {
        self.entry("event", name).map_or(B256::ZERO, Entry::hash)
    }

    /// The name of an error, and the types of what it says.
    pub fn error(&self, selector: [u8; 4]) -> Option<(&str, Vec<&str>)> {
        let mut errors = self.abi.iter().filter(|entry| entry.r#type == "error");
        let found = errors.find(|entry| entry.selector() == selector)?;
        let types = found.inputs.iter().map(|input| input.r#type.as_str());
        Some((&found.name, types.collect()))
    }

    fn entry(&self, kind: &str, name: &str) -> Option<&Entry> {
        self.abi.iter().find(|entry| entry.r#type == kind && entry.name == name)
    }
}

impl Entry {
    fn with_inputs(&self) -> String {
        format!("{}{}", self.name, types(&self.inputs))
    }

    fn hash(&self) -> B256 {
        keccak256(self.with_inputs())
    }

    fn selector(&self) -> [u8; 4] {
        let [first, second, third, fourth, ..] = self.hash().0;
        [first, second, third, fourth]
    }
}

fn types(parameters: &[Parameter]) -> String {
    let types: Vec<String> = parameters.iter().map(Parameter::written).collect();
    format!("({})", types.join(","))
}

impl Parameter {
    /// Its type, with those of its fields: `(uint32,bytes)[]`.
    fn written(&self) -> String {
        match self.r#type.strip_prefix("tuple") {
            Some(array) => format!("{}{array}", types(&self.components)),
            None => self.r#type.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What this program writes and reads, type by type. Where the contract has another interface, this is what fails.
    #[test]
    fn what_is_built_has_the_interface_that_is_called() {
        const INCLUSION: &str = "(uint32,bytes,bytes32[],uint32,uint32,bytes32[])";
        let artifact = artifact();
        assert!(artifact.bytecode().len() > 1_000);
        for wanted in [
            "submit(bytes,bytes,bytes)()",
            "submitHandover(bytes,bytes,bytes,bytes,bytes32[])()",
            "latest()(uint32)",
            "currentSet()((uint64,uint32,bytes32))",
            "nextSet()((uint64,uint32,bytes32))",
            "GENESIS()(bytes32)",
            "holds(uint32,bytes32)(bool)",
            &format!("verifyReceipt(bytes,uint32,bytes32[],bytes,{INCLUSION})"),
            &format!("verifyVehicle(bytes,{INCLUSION})"),
            &format!("verifyAnchor(bytes,{INCLUSION})"),
        ] {
            let (name, _) = wanted.split_once('(').unwrap();
            let found = artifact.signature(name);
            assert!(found.starts_with(wanted), "{wanted}: {found}");
        }
        assert_eq!(artifact.signature("owner"), "");
        let checkpoint = keccak256("Checkpoint(uint32,bytes32,uint64)");
        assert_eq!(artifact.topic("Checkpoint"), checkpoint);
        assert_ne!(artifact.topic("Handover"), B256::ZERO);
    }

    /// Every error says words alone, so that they are read without its ABI.
    #[test]
    fn errors_are_known_by_their_first_bytes() {
        let artifact = artifact();
        let hash = keccak256("NotNewer(uint32,uint32)");
        let found = artifact.error(hash[..4].try_into().unwrap()).unwrap();
        assert_eq!(found, ("NotNewer", vec!["uint32", "uint32"]));
        let words = ["uint", "bytes32", "address"];
        for error in artifact.abi.iter().filter(|entry| entry.r#type == "error") {
            let is_word =
                |input: &Parameter| words.iter().any(|word| input.r#type.starts_with(word));
            assert!(error.inputs.iter().all(is_word), "{}", error.name);
        }
    }
}
