//! Which layers there are.

use std::{
    fmt, fs, io,
    path::{Path as FilePath, PathBuf},
    time::SystemTime,
};

use figment::value::Value;
use serde::{de::DeserializeOwned, Serialize};

use super::{
    layer::{of_assignments, of_environment, of_file},
    leaves::{string, Leaf, Leaves, Origin, Path},
    Check, ConfigError, Fault, Loaded, Validate,
};

/// How large a file may be. A configuration is read by people.
const LARGEST_FILE: u64 = 1024 * 1024;

/// The layers of a configuration. From weak to strong: the defaults of its type, a TOML file, variables of the
/// environment, flags with a name of their own, `--set`.
///
/// A key whose value is text, `token` say, may be read from a file of its own by setting `token_file` to its
/// path, in any layer; line breaks at its end do not count.
#[derive(Clone, Default)]
pub struct Sources {
    file: Option<PathBuf>,
    file_may_be_missing: bool,
    variables: Vec<(String, String)>,
    flags: Leaves,
    assignments: Vec<String>,
}

/// Without values: they may be secret.
impl fmt::Debug for Sources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sources").field("file", &self.file).finish_non_exhaustive()
    }
}

impl Sources {
    /// The defaults alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// A TOML file, which must be there.
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        Self { file: Some(path.into()), file_may_be_missing: false, ..self }
    }

    /// A TOML file, if it is there.
    pub fn file_if_there(self, path: impl Into<PathBuf>) -> Self {
        Self { file: Some(path.into()), file_may_be_missing: true, ..self }
    }

    /// Variables: `SMARTLINK_ORDERS__BATCH_ROWS=500` is `orders.batch_rows`, with two underscores between
    /// levels. Names that do not begin with `SMARTLINK_` are passed over, and so are those that mean
    /// something else (SMARTLINK_CONFIG, _NODE, _DATA, _REQUIRE_ALL).
    pub fn environment(self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { variables: variables.into_iter().collect(), ..self }
    }

    /// The variables of this process.
    pub fn environment_of_process(self) -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        self.environment(std::env::vars_os().map(|(name, value)| (text(name), text(value))))
    }

    /// Flags with a name of their own, as a map or type whose keys are those of the configuration; what is
    /// `None` was not given. `orders.batch_rows` is called `--orders-batch-rows`.
    pub fn flags(self, flags: &impl Serialize) -> Result<Self, ConfigError> {
        let tree = table(flags, "flags")?;
        let mut leaves = Leaves::default();
        for (path, leaf) in Leaves::of(tree, &Origin::Default).iter() {
            if matches!(leaf.value, Value::Empty(..) | Value::Dict(..)) {
                continue;
            }
            let origin = Origin::Flag(format!("--{}", path.join("-").replace('_', "-")));
            leaves.put(path.clone(), Leaf { origin, ..leaf.clone() });
        }
        Ok(Self { flags: leaves, ..self })
    }

    /// What followed `--set`, each as `key=value`.
    pub fn set(self, assignments: impl IntoIterator<Item = String>) -> Self {
        Self { assignments: assignments.into_iter().collect(), ..self }
    }

    /// All layers together, as a type, checked.
    pub fn load<T>(&self) -> Result<Loaded<T>, ConfigError>
    where
        T: Default + Serialize + DeserializeOwned + Validate,
    {
        extract::<T>(self.merged::<T>()?)
    }

    /// All layers together.
    pub(super) fn merged<T: Default + Serialize>(&self) -> Result<Leaves, ConfigError> {
        let known = defaults::<T>()?;
        let mut merged = known.clone();
        let mut faults = Vec::new();
        let file = match &self.file {
            Some(path) => self.read(path)?,
            None => Leaves::default(),
        };
        let assignments = of_assignments(&self.assignments)?;
        let layers = [file, of_environment(&self.variables), self.flags.clone(), assignments];
        for layer in &layers {
            for (path, leaf) in layer.iter() {
                match known.named_by(path) {
                    Some(key) if layer.get(&key).is_some() => faults.push(Fault {
                        key: path.join("."),
                        value: super::leaves::toml(&leaf.value).to_string(),
                        origin: leaf.origin.clone(),
                        what: format!("{} is set beside it", key.join(".")),
                        remedy: "leave one of them out".to_owned(),
                    }),
                    Some(key) => merged.put(key, read_secret(leaf)?),
                    None if known.knows(path) => merged.put(path.clone(), leaf.clone()),
                    None => faults.push(Fault::unknown(path, leaf, &known)),
                }
            }
        }
        if faults.is_empty() {
            Ok(merged)
        } else {
            Err(ConfigError::Faults(faults))
        }
    }

    fn read(&self, path: &FilePath) -> Result<Leaves, ConfigError> {
        match read_text(path) {
            Ok(text) => of_file(path, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.file_may_be_missing => {
                Ok(Leaves::default())
            }
            Err(source) => Err(ConfigError::Unreadable { path: path.to_owned(), source }),
        }
    }

    /// How the files look from outside: what is another one the next time has changed.
    pub(super) fn stamp(&self, secrets: &[PathBuf]) -> Vec<Option<(SystemTime, u64)>> {
        let look = |path: &PathBuf| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        self.file.iter().chain(secrets).map(look).collect()
    }
}

fn read_text(path: &FilePath) -> io::Result<String> {
    if fs::metadata(path)?.len() > LARGEST_FILE {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
    }
    fs::read_to_string(path)
}

fn read_secret(named: &Leaf) -> Result<Leaf, ConfigError> {
    let path = match (&named.text, &named.value) {
        (Some(text), _) | (None, Value::String(_, text)) => PathBuf::from(text),
        (None, other) => PathBuf::from(super::leaves::toml(other).to_string().trim()),
    };
    let text = read_text(&path)
        .map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
    let value = string(text.trim_end_matches(['\r', '\n']).to_owned());
    Ok(Leaf { value, origin: Origin::Secret(path, Box::new(named.origin.clone())), text: None })
}

fn table(of: &impl Serialize, what: &'static str) -> Result<Value, ConfigError> {
    match Value::serialize(of) {
        Ok(Value::Dict(tag, table)) => Ok(Value::Dict(tag, table)),
        Ok(_) => Err(ConfigError::NoTable { what, why: "it is a single value".to_owned() }),
        Err(error) => Err(ConfigError::NoTable { what, why: error.to_string() }),
    }
}

/// The keys that there are, with their defaults.
pub(super) fn defaults<T: Default + Serialize>() -> Result<Leaves, ConfigError> {
    Ok(Leaves::of(table(&T::default(), "defaults")?, &Origin::Default))
}

/// Values as a type, checked.
pub(super) fn extract<T>(mut leaves: Leaves) -> Result<Loaded<T>, ConfigError>
where
    T: Default + Serialize + DeserializeOwned + Validate,
{
    let mut first: Option<(Path, Leaf, figment::Error)> = None;
    let value = loop {
        let error = match leaves.tree().deserialize::<T>() {
            Ok(value) => break value,
            Err(error) => error,
        };
        // Text that looks like a number may be meant as text, and only the type knows.
        let other = leaves.around(&error.path).and_then(|(path, leaf)| {
            let text = leaf.text.clone().filter(|_| !matches!(leaf.value, Value::String(..)))?;
            Some((path.clone(), leaf.clone(), Leaf { value: string(text), ..leaf.clone() }))
        });
        let Some((path, as_read, as_text)) = other else {
            let defaults = defaults::<T>()?;
            // The first reading says best what was expected.
            let error = match first {
                Some((path, as_read, first)) if error.path.starts_with(&path) => {
                    leaves.put(path, as_read);
                    first
                }
                _ => error,
            };
            return Err(ConfigError::Faults(vec![Fault::of_type(&error, &leaves, &defaults)]));
        };
        leaves.put(path.clone(), as_text);
        first = Some((path, as_read, error));
    };
    let wrong = Check::all(&value);
    if wrong.is_empty() {
        return Ok(Loaded::new(value, leaves));
    }
    let faults = wrong.into_iter().map(|invalid| Fault::of_value(invalid, &leaves)).collect();
    Err(ConfigError::Faults(faults))
}
