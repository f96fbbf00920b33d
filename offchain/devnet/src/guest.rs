//! Machines on a consortium's chain besides its validators.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    network::{self, VALIDATORS, VISITOR},
    DevnetError, Node,
};

/// A machine that joins the network of a consortium: it is told where the validators are, and nobody promised it anything.
#[derive(Clone, Debug)]
pub struct Guest {
    name: String,
    /// A program that starts a node with the chain, folder and keys of its own. `None`: the consortium's binary with
    /// the visitor's.
    program: Option<PathBuf>,
    args: Vec<String>,
}

impl Guest {
    /// A full node with a folder and a node key of its own, [`crate::VISITOR_KEY`], which no company registered. There is one
    /// such machine.
    pub fn visitor() -> Self {
        Self { name: VISITOR.name.to_owned(), program: None, args: Vec::new() }
    }

    /// A program that becomes a node, such as the `run.sh` that `smartlink-node company join` writes. What it is given
    /// besides are its ports and the validators' addresses.
    pub fn program(name: impl Into<String>, program: impl Into<PathBuf>) -> Self {
        Self { name: name.into(), program: Some(program.into()), args: Vec::new() }
    }

    /// Further arguments.
    pub fn args<S: Into<String>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// The node, not started yet, in the folder of a consortium that runs `binary` on the chain of `specification`, and whose
    /// validators listen on these ports.
    pub(crate) fn node(
        self,
        binary: &Path,
        specification: &Path,
        consortium: &Path,
        validators: impl Iterator<Item = u16>,
    ) -> Result<Node, DevnetError> {
        let base_path = consortium.join(&self.name);
        let failed =
            |source| DevnetError::Path { path: base_path.clone(), action: "created", source };
        fs::create_dir_all(&base_path).map_err(failed)?;
        let (rpc_port, p2p_port) = (network::free_port()?, network::free_port()?);
        let mut args = Vec::new();
        let mut add = |option: &str, value: String| args.extend([option.to_owned(), value]);
        if self.program.is_none() {
            add("--chain", specification.to_string_lossy().into_owned());
            add("--base-path", base_path.to_string_lossy().into_owned());
            add("--node-key", network::node_key(VALIDATORS.len()));
        }
        add("--listen-addr", format!("/ip4/127.0.0.1/tcp/{p2p_port}"));
        add("--rpc-port", rpc_port.to_string());
        for (place, port) in validators.enumerate() {
            add("--bootnodes", network::address(place, port));
        }
        args.extend(network::ALONE.map(str::to_owned));
        args.extend(self.args);
        Ok(Node {
            name: self.name,
            peer_id: self.program.is_none().then_some(VISITOR.peer_id),
            binary: self.program.unwrap_or_else(|| binary.to_owned()),
            log: base_path.join("node.log"),
            log_before: 0,
            args,
            environment: Vec::new(),
            base_path,
            rpc_port,
            p2p_port,
            child: None,
            chain: None,
        })
    }
}
