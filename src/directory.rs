//! Reading rule files and cases from a directory: the only place that touches a disk.

use crate::book::RuleBook;
use crate::case::Case;
use crate::text::Diagnostics;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Files that end so hold cases; every other `.toml` file is a rule file.
pub(crate) const CASES: &str = ".cases.toml";

/// Why a directory could not be loaded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// A file or directory could not be read.
    #[error("cannot read `{path}`: {error}")]
    Unreadable {
        /// Which.
        path: String,
        /// Why.
        error: io::Error,
    },
    /// There is no rule file, or no case file, below the directory.
    #[error("no {what} below `{path}`: expected files that end in `{ending}`")]
    Empty {
        /// `rule files` or `case files`.
        what: &'static str,
        /// The directory.
        path: String,
        /// How the files end.
        ending: &'static str,
    },
    /// The files have problems.
    #[error("{0}")]
    Problems(Diagnostics),
}

impl RuleBook {
    /// Loads every rule file below a directory (or one file): all `.toml` files but the cases.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`]: what cannot be read, a directory without rule files, or the problems of all files at once.
    ///
    /// ```no_run
    /// let book = payer_split::RuleBook::read_dir("rules")?;
    /// # Ok::<(), payer_split::DirectoryError>(())
    /// ```
    pub fn read_dir(path: impl AsRef<Path>) -> Result<RuleBook, DirectoryError> {
        let files = read(path.as_ref(), |name| !name.ends_with(CASES))?;
        if files.is_empty() {
            let path = path.as_ref().display().to_string();
            return Err(DirectoryError::Empty {
                what: "rule files",
                path,
                ending: ".toml",
            });
        }
        let inputs = files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        RuleBook::from_bytes(inputs).map_err(DirectoryError::Problems)
    }
}

impl Case {
    /// Reads every case file (`*.cases.toml`) below a directory, in order of path.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`], as for rule files.
    pub fn read_dir(path: impl AsRef<Path>) -> Result<Vec<Case>, DirectoryError> {
        let files = read(path.as_ref(), |name| name.ends_with(CASES))?;
        if files.is_empty() {
            let path = path.as_ref().display().to_string();
            return Err(DirectoryError::Empty {
                what: "case files",
                path,
                ending: CASES,
            });
        }
        let mut cases = Vec::new();
        for (name, bytes) in &files {
            cases.extend(Case::read_bytes(name, bytes).map_err(DirectoryError::Problems)?);
        }
        Ok(cases)
    }
}

/// The `.toml` files that are wanted, sorted by path, with their bytes.
pub(crate) fn read(
    path: &Path,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Vec<u8>)>, DirectoryError> {
    let mut paths = Vec::new();
    collect(path, &mut paths)?;
    paths.sort();
    let mut files = Vec::new();
    for path in paths {
        let name = path.display().to_string();
        if wanted(&name) {
            files.push((name, read_file(&path)?));
        }
    }
    Ok(files)
}

/// The `.toml` files of a folder and of those so many levels below it, sorted by path, with their bytes. What cannot be
/// read is left out: nobody asked for these files by name.
pub(crate) fn read_near(folder: &Path, levels: usize) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else {
        return files;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() && !path.is_symlink() {
            if let Some(below) = levels.checked_sub(1) {
                files.extend(read_near(&path, below));
            }
        } else if path.extension().is_some_and(|ending| ending == "toml")
            && let Ok(bytes) = read_file(&path)
        {
            files.push((path.display().to_string(), bytes));
        }
    }
    files.sort();
    files
}

fn collect(path: &Path, out: &mut Vec<PathBuf>) -> Result<(), DirectoryError> {
    let unreadable = |error| DirectoryError::Unreadable {
        path: path.display().to_string(),
        error,
    };
    if fs::metadata(path).map_err(unreadable)?.is_file() {
        out.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_dir() {
            collect(&entry.path(), out)?;
        } else if entry
            .path()
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            out.push(entry.path());
        }
    }
    Ok(())
}

/// A file's bytes, and no more of them than show that it is too large.
fn read_file(path: &Path) -> Result<Vec<u8>, DirectoryError> {
    let unreadable = |error| DirectoryError::Unreadable {
        path: path.display().to_string(),
        error,
    };
    let most = u64::try_from(crate::limits::MAX_FILE_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    fs::File::open(path)
        .map_err(unreadable)?
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(bytes)
}
