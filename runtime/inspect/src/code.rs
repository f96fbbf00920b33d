//! A runtime's code, and what it answers when it is executed.

use std::{borrow::Cow, fs, path::Path};

use anyhow::{anyhow, ensure, Context, Result};
use codec::{Decode, Encode};
use merkleized_metadata::{generate_metadata_digest, ExtraInfo};
use sc_executor::WasmExecutor;
use smartlink_indexer::decode::scale::blake2_256;
use sp_core::traits::{
    CallContext, CodeExecutor, ReadRuntimeVersion, RuntimeCode, WrappedRuntimeCode,
};
use sp_io::{SubstrateHostFunctions, TestExternalities};
use sp_maybe_compressed_blob::{decompress, CODE_BLOB_BOMB_LIMIT};
use sp_version::RuntimeVersion;

use crate::declared::Declared;

/// How a module of WebAssembly begins.
const WASM: &[u8] = b"\0asm";
/// What the money is called, and the digits behind its point: as `runtime/build.rs` bakes it in.
const MONEY: (&str, u8) = ("CNY", 6);
/// The format of metadata that is kept: the newest that the services' client reads.
const KEPT: u32 = 16;
/// The format that the hash for wallets is made of.
const HASHED: u32 = 15;

/// The code of a runtime, as it is sent to the chain: mostly compressed.
pub struct Code {
    bytes: Vec<u8>,
    executor: WasmExecutor<SubstrateHostFunctions>,
}

impl Code {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, is larger than a chain takes, or is no code.
    pub fn read(path: &Path) -> Result<Self> {
        Self::of(bytes(path)?).with_context(|| format!("{} is no runtime", path.display()))
    }

    /// The code in these bytes.
    ///
    /// # Errors
    /// They are no module, plain or compressed as chains have it.
    pub fn of(bytes: Vec<u8>) -> Result<Self> {
        // A node has the functions that are missing here, and none of them is asked for below.
        let executor = WasmExecutor::builder().with_allow_missing_host_functions(true).build();
        let code = Self { bytes, executor };
        ensure!(
            code.unpacked()?.starts_with(WASM),
            "it is no module of WebAssembly: give the file that `cargo xtask runtime` made"
        );
        Ok(code)
    }

    /// What is sent.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The module.
    ///
    /// # Errors
    /// It is compressed, and cannot be unpacked, or has more than 50 MiB then.
    pub fn unpacked(&self) -> Result<Cow<'_, [u8]>> {
        decompress(&self.bytes, CODE_BLOB_BOMB_LIMIT)
            .map_err(|error| anyhow!("it cannot be unpacked ({error}): fetch the file once more"))
    }

    /// Blake2-256 of what is sent: what `system.authorize_upgrade` takes.
    pub fn hash(&self) -> [u8; 32] {
        blake2_256(&self.bytes)
    }

    /// What the runtime calls itself, read as a chain reads it before it takes the code on: out of the module's
    /// sections where it has them, which need no execution.
    ///
    /// # Errors
    /// It says nothing, or what it says cannot be read.
    pub fn version(&self) -> Result<RuntimeVersion> {
        let mut state = TestExternalities::default();
        let version = self
            .executor
            .read_runtime_version(&self.bytes, &mut state.ext())
            .map_err(|error| anyhow!("the runtime does not say its version ({error})"))?;
        RuntimeVersion::decode(&mut &version[..]).context("the runtime's version cannot be read")
    }

    /// The runtime's metadata of the format that is kept, with the magic number in front.
    ///
    /// # Errors
    /// The code cannot be executed, or has none of this format.
    pub fn metadata(&self) -> Result<Vec<u8>> {
        self.metadata_at(KEPT)
    }

    /// The hash of the metadata (RFC 78) that wallets sign and that the code, when it was built with the feature
    /// `metadata-hash`, compares.
    ///
    /// # Errors
    /// As [`Code::metadata`], or the metadata cannot be hashed.
    pub fn metadata_hash(&self) -> Result<[u8; 32]> {
        let declared = Declared::read(&self.metadata_at(HASHED)?)?;
        let version = self.version()?;
        let prefix = declared.constant("System", "SS58Prefix")?;
        let base58_prefix =
            u16::decode(&mut &prefix[..]).context("the prefix of addresses cannot be read")?;
        let info = ExtraInfo {
            spec_version: version.spec_version,
            spec_name: version.spec_name.into_owned(),
            base58_prefix,
            decimals: MONEY.1,
            token_symbol: MONEY.0.to_owned(),
        };
        let digest = generate_metadata_digest(declared.as_metadata(), info)
            .map_err(|error| anyhow!("the metadata cannot be hashed ({error})"))?;
        Ok(digest.hash())
    }

    fn metadata_at(&self, format: u32) -> Result<Vec<u8>> {
        let answer = self.ask("Metadata_metadata_at_version", &format.encode())?;
        Option::<Vec<u8>>::decode(&mut &answer[..])
            .context("what the runtime answers is no metadata")?
            .with_context(|| format!("the runtime has no metadata of format {format}"))
    }

    /// Asks the runtime, on an empty state: some constants are parameters, whose defaults are answered then.
    fn ask(&self, method: &str, argument: &[u8]) -> Result<Vec<u8>> {
        let code = RuntimeCode {
            code_fetcher: &WrappedRuntimeCode(Cow::Borrowed(&self.bytes)),
            heap_pages: None,
            hash: self.hash().to_vec(),
        };
        let mut state = TestExternalities::default();
        let (answer, _) =
            self.executor.call(&mut state.ext(), &code, method, argument, CallContext::Offchain);
        answer.map_err(|error| anyhow!("the runtime does not answer {method} ({error})"))
    }
}

/// The bytes of a file that is not larger than the largest code.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    let read = || format!("cannot read {}", path.display());
    let size = fs::metadata(path).with_context(read)?.len();
    ensure!(
        usize::try_from(size).is_ok_and(|size| size <= CODE_BLOB_BOMB_LIMIT),
        "{} has {size} bytes, and no runtime has more than {CODE_BLOB_BOMB_LIMIT}",
        path.display()
    );
    fs::read(path).with_context(read)
}

/// Whether these bytes begin as metadata does.
pub fn is_metadata(bytes: &[u8]) -> bool {
    bytes.starts_with(&frame_metadata::META_RESERVED.to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_maybe_compressed_blob::compress_weakly;

    /// A section by which others than the compiler say something, at most 127 bytes with its name.
    fn section(name: &str, content: &[u8]) -> Vec<u8> {
        let name_length = u8::try_from(name.len()).unwrap();
        let length = u8::try_from(1 + name.len() + content.len()).unwrap();
        assert!(length < 128, "one byte of LEB128");
        [&[0, length, name_length][..], name.as_bytes(), content].concat()
    }

    /// A module that does nothing but say its version: 103, with 2 of its transactions.
    fn module() -> Vec<u8> {
        let version = (
            "smartlinkdrive",
            "smartlink-node",
            1_u32,
            103_u32,
            1_u32,
            Vec::<u8>::new(),
            2_u32,
            1_u8,
        );
        // The id of the API `Core` is blake2b-64 of its name.
        let core = [&[0xdf, 0x6a, 0xcb, 0x68, 0x99, 0x07, 0x60, 0x9b][..], &5_u32.to_le_bytes()];
        [
            b"\0asm\x01\0\0\0".to_vec(),
            section("runtime_version", &version.encode()),
            section("runtime_apis", &core.concat()),
        ]
        .concat()
    }

    #[test]
    fn a_version_is_read_out_of_its_section_whether_the_code_is_compressed_or_not() {
        let packed = compress_weakly(&module(), CODE_BLOB_BOMB_LIMIT).unwrap();
        for bytes in [module(), packed] {
            let code = Code::of(bytes.clone()).unwrap();
            let version = code.version().unwrap();
            assert_eq!(version.spec_name, "smartlinkdrive");
            assert_eq!((version.spec_version, version.transaction_version), (103, 2));
            assert_eq!(code.unpacked().unwrap(), module());
            assert_eq!((code.bytes(), code.hash()), (&bytes[..], blake2_256(&bytes)));
        }
    }

    #[test]
    fn a_module_without_a_version_says_so() {
        let error = Code::of(b"\0asm\x01\0\0\0".to_vec()).unwrap().version().unwrap_err();
        assert!(error.to_string().contains("does not say its version"), "{error}");
    }

    #[test]
    fn what_is_no_code_is_refused() {
        let mut clipped = compress_weakly(&module(), CODE_BLOB_BOMB_LIMIT).unwrap();
        clipped.truncate(clipped.len() / 2);
        for bytes in [b"meta".to_vec(), Vec::new(), clipped] {
            assert!(Code::of(bytes).is_err());
        }
        let error = Code::read(Path::new("/no/such/file")).err().unwrap();
        assert!(error.to_string().contains("/no/such/file"), "{error}");
    }
}
