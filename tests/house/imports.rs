//! What the modules of `src` name of one another: `use` trees, grouped or not, and paths within code, each followed
//! through re-exports to the module where the name is defined.

use std::collections::{BTreeMap, BTreeSet};

/// A module as its segments below the crate; the crate itself has none.
pub(super) type Module = Vec<String>;

/// A path as written and the name that it has in its module.
struct Import {
    path: Vec<String>,
    name: String,
}

/// The modules with what each names.
pub(super) struct Imports {
    modules: BTreeMap<Module, (Vec<Import>, Vec<Vec<String>>)>,
}

impl Imports {
    /// Reads the code of each module: its own, without comments and tests.
    pub(super) fn of(sources: impl IntoIterator<Item = (Module, String)>) -> Self {
        let read = |(module, code): (Module, String)| {
            let (uses, rest) = cut_uses(&code);
            (module, (uses.iter().flat_map(|tree| leaves(tree)).collect(), paths(&rest)))
        };
        Self { modules: sources.into_iter().map(read).collect() }
    }

    /// Each module with the modules that define what it names, itself and other crates left out.
    pub(super) fn edges(&self) -> BTreeMap<Module, BTreeSet<Module>> {
        let targets = |(module, (uses, paths)): (&Module, &(Vec<Import>, Vec<Vec<String>>))| {
            let written = uses.iter().map(|import| &import.path).chain(paths);
            let named = written.filter_map(|path| self.home(module, path, 0)).filter(|home| home != module);
            (module.clone(), named.collect())
        };
        self.modules.iter().map(targets).collect()
    }

    /// The module that defines what `path`, written in `from`, names; `None` where that is another crate's or no
    /// module's.
    fn home(&self, from: &Module, path: &[String], hops: usize) -> Option<Module> {
        let (first, mut rest) = path.split_first()?;
        let mut at = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.clone(),
            "super" => from.split_last()?.1.to_vec(),
            _ => {
                rest = path;
                from.clone()
            }
        };
        let relative = !matches!(first.as_str(), "crate" | "self" | "super");
        while let Some((segment, after)) = rest.split_first() {
            let child: Module = at.iter().chain([segment]).cloned().collect();
            if segment == "super" {
                at.pop();
            } else if self.modules.contains_key(&child) {
                at = child;
            } else {
                let imports = &self.modules.get(&at)?.0;
                let through = imports.iter().find(|import| import.name == *segment && import.path.as_slice() != path);
                return match through {
                    Some(import) if hops < 8 => {
                        let whole: Vec<String> = import.path.iter().chain(after).cloned().collect();
                        self.home(&at, &whole, hops + 1)
                    }
                    _ if relative && at == *from => None,
                    _ => Some(at),
                };
            }
            rest = after;
        }
        Some(at)
    }

    /// Circles among the modules that stand beside one another: what a module names of its own parent, or a parent of
    /// what it is made of, is no circle.
    pub(super) fn circles(&self) -> Vec<String> {
        let mut between: BTreeMap<Module, BTreeMap<String, BTreeMap<String, String>>> = BTreeMap::new();
        for (from, targets) in self.edges() {
            for to in targets {
                let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
                // Those of the crate itself stand on floors.
                if shared == 0 || shared == from.len() || shared == to.len() {
                    continue;
                }
                let siblings = between.entry(from[..shared].to_vec()).or_default();
                let arrow = format!("{} → {}", from.join("::"), to.join("::"));
                siblings.entry(from[shared].clone()).or_default().entry(to[shared].clone()).or_insert(arrow);
            }
        }
        between.values().flat_map(circles).collect()
    }
}

/// One text for each arrow that lies on a circle.
fn circles(arrows: &BTreeMap<String, BTreeMap<String, String>>) -> Vec<String> {
    let reaches = |start: &String, end: &String| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![start]);
        while let Some(at) = open.pop() {
            if at == end {
                return true;
            }
            if seen.insert(at) {
                open.extend(arrows.get(at).into_iter().flat_map(BTreeMap::keys));
            }
        }
        false
    };
    let each = arrows.iter().flat_map(|(from, targets)| targets.iter().map(move |(to, arrow)| (from, to, arrow)));
    each.filter(|(from, to, _)| reaches(to, from)).map(|(_, _, arrow)| arrow.clone()).collect()
}

/// The trees of `use` declarations, and the code without them.
fn cut_uses(code: &str) -> (Vec<String>, String) {
    let (mut uses, mut rest) = (Vec::new(), String::new());
    let mut tree: Option<String> = None;
    for line in code.lines() {
        let start = line.trim_start();
        let start = start.split_once(") ").filter(|(head, _)| head.starts_with("pub(")).map_or(start, |(_, tail)| tail);
        let start = start.strip_prefix("pub ").unwrap_or(start);
        if tree.is_none() {
            match start.strip_prefix("use ") {
                Some(text) => tree = Some(text.to_owned()),
                None => rest += &format!("{line}\n"),
            }
        } else if let Some(tree) = &mut tree {
            *tree += line;
        }
        if tree.as_ref().is_some_and(|tree| tree.trim_end().ends_with(';')) {
            uses.extend(tree.take().map(|tree| tree.trim_end().trim_end_matches(';').to_owned()));
        }
    }
    (uses, rest)
}

/// `a::{b, c::d as e}` as `a::b` and `a::c::d`, by the names `b` and `e`.
fn leaves(tree: &str) -> Vec<Import> {
    let mut found = Vec::new();
    expand(&[], tree.trim(), &mut found);
    found
}

fn expand(before: &[String], tree: &str, found: &mut Vec<Import>) {
    let (head, group) = tree.split_once('{').map_or((tree, None), |(head, rest)| (head, rest.rsplit_once('}')));
    let (head, alias) = head.split_once(" as ").map_or((head, None), |(head, alias)| (head, Some(alias.trim())));
    let segments = head.split("::").map(str::trim).filter(|s| !s.is_empty());
    let mut path: Vec<String> = before.iter().cloned().chain(segments.map(str::to_owned)).collect();
    if let Some((inside, _)) = group {
        let (mut depth, mut start) = (0, 0);
        for (at, letter) in inside.char_indices().chain([(inside.len(), ',')]) {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    let part = inside[start..at].trim();
                    if !part.is_empty() {
                        expand(&path, part, found);
                    }
                    start = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    if path.last().is_some_and(|last| last == "*" || last == "self") && path.len() > 1 {
        path.pop();
    }
    let name = alias.or(path.last().map(String::as_str)).unwrap_or_default().to_owned();
    found.push(Import { path, name });
}

/// The paths within code, as far as they are of the crate or of a name that may be a module.
fn paths(code: &str) -> Vec<Vec<String>> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in code.match_indices("::") {
        let before = code[..at].trim_end_matches(is_name);
        let is_start = !before.ends_with("::") && before.len() < at;
        if !is_start {
            continue;
        }
        let end = code[before.len()..].find(|c| !is_name(c) && c != ':').map_or(code.len(), |end| before.len() + end);
        found.push(code[before.len()..end].split("::").filter(|s| !s.is_empty()).map(str::to_owned).collect());
    }
    found
}

#[test]
fn circles_are_seen_however_they_are_written() {
    let module = |path: &str| path.split("::").filter(|s| !s.is_empty()).map(str::to_owned).collect::<Module>();
    let circles = |sources: &[(&str, &str)]| {
        let imports = Imports::of(sources.iter().map(|(path, code)| (module(path), (*code).to_owned())));
        imports.circles()
    };
    let room = ("a", "mod b;\nmod c;\npub use c::{Deep as Shown, d::Other};\n");
    let plain =
        [room, ("a::b", "use super::c::C;\n"), ("a::c", "pub struct C;\nfn f() { super::b::g() }\n"), ("a::c::d", "")];
    assert_eq!(circles(&plain), ["a::b → a::c", "a::c → a::b"]);
    let grouped = [
        room,
        ("a::b", "use crate::{\n    x,\n    a::{Shown},\n};\n"),
        ("a::c", ""),
        ("a::c::d", "use crate::a::b;\n"),
    ];
    assert_eq!(circles(&grouped), ["a::b → a::c", "a::c::d → a::b"]);
    let family = [
        room,
        ("a::b", "use super::*;\n"),
        ("a::c", "use super::Local;\nuse d::Other;\n"),
        ("a::c::d", "use super::C;\n"),
    ];
    assert_eq!(circles(&family), Vec::<String>::new());
}
