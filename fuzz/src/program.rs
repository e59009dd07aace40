//! The text of a program: checked and told of in every form, shown where it is sound, and mended until nothing
//! changes. Its first lines may be `#set NAME=VALUE`, which `--set` then says.

use super::given::{Small, files, pictures, table, told};
use nn::check::{Checked, Depth, Options, Override, check_with, mend};
use nn::data::{Entry, Files, Memory};
use nn::diagnostic::machine_readable::sarif;
use nn::diagnostic::{Diagnostic, Level};
use nn::diagram::graph;
use nn::ir::Program;
use nn::ir::print::{Sheet, nodes};
use nn::source::Source;
use nn::syntax::significant;
use std::io::{Read, Result};
use std::sync::LazyLock;

/// Layers up to which a sound program is drawn: a drawing takes time by their number.
const MOST_DRAWN: usize = 50;

/// A table for every name, or pictures and labels.
struct Any;

static FILES: LazyLock<[Small; 2]> = LazyLock::new(|| {
    let iris = "sepal_length,sepal_width,petal_length,petal_width,species\n5.1,3.5,1.4,0.2,setosa\n\
                4.9,3.0,1.4,0.2,setosa\n7.0,3.2,4.7,1.4,versicolor\n6.4,3.2,4.5,1.5,versicolor\n\
                6.3,3.3,6.0,2.5,virginica\n5.8,2.7,5.1,1.9,virginica\n5.0,3.6,1.4,0.2,setosa\n\
                6.9,3.1,4.9,1.5,versicolor\n7.1,3.0,5.9,2.1,virginica\n4.6,3.1,1.5,0.2,setosa\n";
    [Small(Memory::new().with("iris.csv", iris)), files()]
});

impl Files for Any {
    fn open(&self, path: &str) -> Result<Box<dyn Read>> {
        let [iris, others] = &*FILES;
        match path.as_bytes() {
            [.., b'v'] if path.contains("iris") => iris.open("iris.csv"),
            [.., b'v' | b'a' | b't'] => Ok(Box::new(std::io::Cursor::new(table()))),
            [b'i' | b'x', .., b'x'] => Ok(Box::new(std::io::Cursor::new(pictures()))),
            [.., b'x'] => others.open("y.idx"),
            _ => others.open(path),
        }
    }

    fn list(&self, path: &str) -> Result<Vec<Entry>> {
        FILES[1].list(path)
    }

    fn memory(&self) -> Option<u64> {
        FILES[1].memory()
    }
}

/// Checks a program; whether it is sound.
pub fn read(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let overrides = overrides(text);
    let source = Source::new("p.nn", text);
    let options = Options { depth: Depth::Quick, pedantic: true, model: None };
    let look = |source: &Source| check_with(source, &overrides, &Any, options);
    let Ok(Checked { program, diagnostics, .. }) = look(&source) else { return false };
    told(&source, &diagnostics);
    // What takes long is done for some texts alone, whatever they are: every rule's page, and pictures.
    let thorough = text.len().is_multiple_of(16);
    if thorough {
        let told = sarif(&[(source.clone(), diagnostics.clone())]);
        assert!(serde_json::from_str::<serde_json::Value>(&told).is_ok());
    }
    if let Some(program) = program.as_ref().filter(|_| thorough) {
        shown(program, &source);
    }
    let _ = significant(text);
    let check = |source: &Source| look(source).map(|checked| checked.diagnostics);
    // As `--fix` does, or as `--unsafe-fixes`. An override that names a `let` fails where a fix renames it.
    let all = text.len().is_multiple_of(2);
    if let Ok(once) = mend(source, all, check)
        && !once.applied.is_empty()
    {
        assert!(errors(&once.left) <= errors(&diagnostics), "mending adds errors");
        told(&once.source, &once.left);
        let twice = mend(once.source.clone(), all, check).expect("it was checked before");
        assert_eq!(once.source.text(), twice.source.text(), "mended twice");
    }
    program.is_some()
}

fn errors(found: &[Diagnostic]) -> usize {
    found.iter().filter(|d| d.level == Level::Error).count()
}

/// What the first lines have `--set` say.
fn overrides(text: &str) -> Vec<Override> {
    let said = text.lines().map_while(|line| line.strip_prefix("#set ")?.split_once('='));
    let said = said.map(|(name, value)| Override { name: name.trim().to_owned(), value: value.trim().to_owned() });
    said.filter(|o| !o.name.is_empty() && !o.value.is_empty()).collect()
}

/// As `show` does.
fn shown(program: &Program, source: &Source) {
    if program.network.nodes.len() > MOST_DRAWN {
        return;
    }
    let sheet = Sheet::new(program, source);
    assert!(!sheet.json().is_empty() && !sheet.text(&|heading| heading.to_owned()).is_empty());
    assert!(!nodes(&program.network, source).is_empty());
    let graph = graph(program, source.name(), &|_| None);
    assert!(!graph.dot().is_empty() && !graph.mermaid().is_empty() && !graph.draw().svg().is_empty());
}
