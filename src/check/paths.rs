//! A project from the paths that somebody gives: with what belongs to them.

use super::Project;
use crate::directory::{self, CASES, DirectoryError};
use crate::load;
use crate::policy::Policy;
use crate::text::{Node, Sink, SourceMap, parse};
use std::path::{Path, PathBuf};

/// How many folders above a path are searched for what it extends: `rules/PROVINCE/PLACE` lies two levels deep.
const LEVELS: usize = 2;

impl Project {
    /// Reads the files at some paths, each a file or a directory, and what is needed to check them:
    ///
    /// - of a directory every `.toml` file below it;
    /// - beside a file the files of its folder that are about the same policy id: other versions and layers, and cases;
    /// - a file that is extended, or the policy of a case, and that is still missing: from the nearest folder that has
    ///   it among the path's own and the two above it, searched two levels deep.
    ///
    /// # Errors
    ///
    /// [`DirectoryError`] for a path that cannot be read, and when there is no file at all. Problems of the files
    /// themselves are in the report.
    pub fn read<P: AsRef<Path>>(
        paths: impl IntoIterator<Item = P>,
    ) -> Result<Project, DirectoryError> {
        let mut known = Files::default();
        let mut folders: Vec<PathBuf> = Vec::new();
        let mut asked = Vec::new();
        for path in paths {
            let path = path.as_ref();
            asked.push(path.display().to_string());
            known.add(directory::read(path, |_| true)?);
            if path.is_dir() {
                folders.push(path.to_owned());
                continue;
            }
            let folder = parent(path);
            let name = path.display().to_string();
            let name = name.strip_prefix("./").unwrap_or(&name);
            let ids = known.heads(|file| file == name).flat_map(|head| &head.ids);
            let ids: Vec<String> = ids.cloned().collect();
            let is_of_ids = |head: &Head| head.ids.iter().any(|id| ids.contains(id));
            known.add_if(directory::read_near(&folder, 0), is_of_ids);
            folders.push(folder);
        }
        if known.0.is_empty() {
            return Err(DirectoryError::Empty {
                what: "rule files or case files",
                path: asked.join(", "),
                ending: ".toml",
            });
        }
        while known.add_missing(&folders) {}
        known.0.sort_by(|a, b| a.name.cmp(&b.name));
        let files = known.0.into_iter().map(|file| (file.name, file.bytes));
        Ok(Project::from_bytes(files))
    }

    /// The policies that load without errors, each with the name of the file that it is written in.
    ///
    /// ```
    /// use payer_split::check::Project;
    ///
    /// let policies = Project::embedded().policies();
    /// let (file, policy) = &policies[0];
    /// assert!(file.ends_with(".toml") && !policy.id().is_empty());
    /// ```
    pub fn policies(&self) -> Vec<(String, Policy)> {
        let loaded = load::load_placed(self.rules());
        let sources = &loaded.sources;
        let placed = loaded.policies.into_iter();
        let named = placed.filter_map(|placed| {
            let file = sources.get(*placed.files.last()?)?;
            Some((file.name().to_owned(), placed.policy))
        });
        named.collect()
    }
}

/// The files read so far, each once.
#[derive(Default)]
struct Files(Vec<File>);

struct File {
    name: String,
    bytes: Vec<u8>,
    head: Head,
}

/// What a file is about.
#[derive(Default)]
struct Head {
    /// The id of a rule file's policy, or those of the policies that cases are for.
    ids: Vec<String>,
    /// A rule file's full name.
    full_name: Option<String>,
    /// What it extends.
    extends: Vec<String>,
}

impl Files {
    fn add(&mut self, files: Vec<(String, Vec<u8>)>) {
        self.add_if(files, |_| true);
    }

    /// Adds new files that are about the right thing; whether there were any.
    fn add_if(&mut self, files: Vec<(String, Vec<u8>)>, wanted: impl Fn(&Head) -> bool) -> bool {
        let before = self.0.len();
        for (name, bytes) in files {
            let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
            if self.0.iter().any(|file| file.name == name) {
                continue;
            }
            let head = Head::read(&name, &bytes);
            if wanted(&head) {
                self.0.push(File { name, bytes, head });
            }
        }
        self.0.len() > before
    }

    fn heads(&self, named: impl Fn(&str) -> bool) -> impl Iterator<Item = &Head> {
        let files = self.0.iter().filter(move |file| named(&file.name));
        files.map(|file| &file.head)
    }

    /// Adds files that are extended and not there, or rule files for cases that have none; whether any were found.
    fn add_missing(&mut self, folders: &[PathBuf]) -> bool {
        let is_case = |name: &str| name.ends_with(CASES);
        let has_name = |name: &String| {
            let mut heads = self.heads(|_| true);
            heads.any(|head| head.full_name.as_ref() == Some(name))
        };
        let extended = self.heads(|_| true).flat_map(|head| &head.extends);
        let names: Vec<String> = extended.filter(|name| !has_name(name)).cloned().collect();
        let has_id = |id: &String| {
            let mut heads = self.heads(|name| !is_case(name));
            heads.any(|head| head.ids.contains(id))
        };
        let of_cases = self.heads(is_case).flat_map(|head| &head.ids);
        let ids: Vec<String> = of_cases.filter(|id| !has_id(id)).cloned().collect();
        if names.is_empty() && ids.is_empty() {
            return false;
        }
        let is_missing = |head: &Head| {
            let own = head.full_name.as_ref();
            own.is_some_and(|own| names.contains(own) || head.ids.iter().any(|id| ids.contains(id)))
        };
        for folder in folders {
            let mut folder = folder.clone();
            for _ in 0..=LEVELS {
                if self.add_if(directory::read_near(&folder, LEVELS), is_missing) {
                    return true;
                }
                folder = above(&folder);
            }
        }
        false
    }
}

impl Head {
    /// Reads as much as can be read; problems are reported when the file is loaded.
    fn read(name: &str, bytes: &[u8]) -> Head {
        let mut sources = SourceMap::new();
        let sink = Sink::new();
        let node = parse(&mut sources, name, bytes, &sink);
        let root = node.as_ref().and_then(Node::as_table);
        let text = |node: &Node<'_>| node.as_str().map(str::to_owned);
        if name.ends_with(CASES) {
            let cases = root.and_then(|root| root.get("case")?.as_array());
            let policies = cases.unwrap_or_default().iter();
            let policies = policies.filter_map(|case| text(case.as_table()?.get("policy")?));
            return Head {
                ids: policies.collect(),
                ..Head::default()
            };
        }
        let Some(policy) = root.and_then(|root| root.get("policy")?.as_table()) else {
            return Head::default();
        };
        let extends = policy.get("extends");
        let extends = extends.map_or(&[][..], |node| {
            node.as_array().unwrap_or(std::slice::from_ref(node))
        });
        let extends: Vec<String> = extends.iter().filter_map(text).collect();
        // The id and the version may be those of what it extends.
        let mut parent = extends.first().map(|name| name.split('/'));
        let mut own = |key| {
            let inherited = parent.as_mut().and_then(Iterator::next).map(str::to_owned);
            policy.get(key).and_then(text).or(inherited)
        };
        let (id, version) = (own("id"), own("version"));
        let layer = policy.get("layer").and_then(Node::as_str);
        let layer = if layer == Some("assumed") {
            "/assumed"
        } else {
            ""
        };
        let full_name = id.as_ref().zip(version);
        Head {
            full_name: full_name.map(|(id, version)| format!("{id}/{version}{layer}")),
            ids: id.into_iter().collect(),
            extends,
        }
    }
}

/// The folder of a file.
fn parent(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if folder.as_os_str().is_empty() => ".".into(),
        Some(folder) => folder.into(),
        None => ".".into(),
    }
}

/// The folder above a folder, also of a relative one.
fn above(folder: &Path) -> PathBuf {
    match folder.file_name() {
        Some(_) => parent(folder),
        // The root, or a path that ends in `.` or `..`.
        None if folder == Path::new(".") => "..".into(),
        None => folder.join(".."),
    }
}
