//! What is said of texts that are not well formed: message, marked text, fix.

use super::*;

/// `(text, message, marked, text after all fixes)`
fn check(cases: &[(&str, &str, &str, &str)]) {
    for &(text, message, place, mended) in cases {
        let said = said(text);
        assert_eq!(said.first().map(|(m, p)| (m.as_str(), p.as_str())), Some((message, place)), "{text}");
        let after = fixed(text);
        assert_eq!(after, mended, "{text}");
        if mended != text {
            sound(&after);
        }
    }
}

#[test]
fn layers_of_other_tools() {
    for (text, own) in [
        ("Dense(4, activation=\"relu\")", "dense 4 relu"),
        ("nn.Linear(2, 4)", "dense 4"),
        ("layers.Dense(16, activation='relu', input_shape=(4,)),", "dense 16 relu"),
        ("model.add(Dense(units=4))", "dense 4"),
        ("self.fc1 = nn.Linear(2, 4)", "fc1: dense 4"),
        ("dense(16, tanh, bias=False)", "dense 16 tanh bias=false"),
        ("data(\"iris.csv\") {\n}", "data \"iris.csv\" {\n}"),
        ("optimizer = torch.optim.Adam(lr=0.1)", "optimizer = adam(lr=0.1)"),
        ("dense 4 activation=nn.ReLU()", "dense 4 activation=relu"),
    ] {
        assert_eq!(fixed(text), own);
    }
    let (_, reports) = read("optimizer: adam(0.1)");
    let help = reports[0].help.as_deref();
    assert_eq!(
        help,
        Some("write `optimizer: adam 0.1` for a layer with a label, `optimizer = adam(0.1)` for a setting")
    );
}

#[test]
fn signs_of_other_languages() {
    check(&[
        ("epochs: 5", "`epochs` is followed by `:`, and a value by `=`", ":", "epochs = 5"),
        ("x = sgd(momentum: 0.9)", "`momentum` is followed by `:`, and a value by `=`", ":", "x = sgd(momentum=0.9)"),
        ("epochs == 5", "`==` is not an operator of this language", "==", "epochs = 5"),
        ("epochs := 5", "`:=` is not an operator of this language", ":=", "epochs = 5"),
        ("lr -> 0.1", "`->` is not an operator of this language", "->", "lr = 0.1"),
        ("epochs += 5", "`+=` changes a value, and values here do not change", "+=", "epochs += 5"),
        ("dense 4 -> dense 2", "layers are not joined by `->`", "->", "dense 4 -> dense 2"),
        ("epochs = 5;", "`;` ends no statement: the line's end does", ";", "epochs = 5"),
        ("a = 5; b = 3", "`;` ends no statement: the line's end does", ";", "a = 5\nb = 3"),
        ("epochs = 5,", "a comma ends the line", ",", "epochs = 5"),
        ("dense 16, tanh", "values of a statement are separated by blanks, not by commas", ",", "dense 16 tanh"),
        ("a = 5, b = 3", "settings are separated by lines, not by commas", ",", "a = 5\nb = 3"),
        ("m = a, f1", "several values without brackets", "a, f1", "m = [a, f1]"),
        ("a = 5 // five", "`//` starts no comment", "//", "a = 5 # five"),
        ("a = 5 /* five */", "`/*` starts no comment", "/*", "a = 5 # five "),
        ("rate = 'abc'", "a text stands in double quotes", "'abc'", "rate = \"abc\""),
        ("rate = “abc”", "a text stands in double quotes", "“abc”", "rate = \"abc\""),
        ("layers:", "`layers:` opens no block", ":", "layers:"),
        ("train: {\n}", "`train` is a block, and its `{` follows without `:`", ":", "train {\n}"),
        ("train = {\n}", "`train = {` is neither a setting nor a block", "=", "train {\n}"),
        ("train\n{\n}", "`{` stands on a line of its own", "{", "train {\n}"),
        ("s = True", "`True` is not a value of this language", "True", "s = true"),
        ("s = None", "`None` is not a value of this language", "None", "s = None"),
        ("a\u{A0}= 5", "a blank of another kind (U+00A0) stands here", "\u{A0}", "a = 5"),
        ("input 28×28", "a multiplication sign (U+00D7) stands here", "×", "input 28x28"),
    ]);
}

#[test]
fn numbers_of_other_languages() {
    check(&[
        ("a = 1,5", "a number has a point, not a comma", "1,5", "a = 1.5"),
        ("a = 0.1s", "`s` follows the number `0.1`, and numbers have no unit", "0.1s", "a = 0.1"),
        ("a = 1.", "`1.` has no digit after the point", "1.", "a = 1.0"),
        ("a = 1e", "`1e` has an exponent without digits", "1e", "a = 1e"),
        ("a = 0x10", "`0x10` is not a number of this language", "0x10", "a = 16"),
        ("a = 1__000", "`1__000` has a `_` that stands between no digits", "1__000", "a = 1_000"),
        ("a = 10k", "`k` follows the number `10`", "10k", "a = 10_000"),
        ("a = 1.5.5", "`1.5.5` has more than one point", "1.5.5", "a = 1.5.5"),
        ("input 3xw", "`3xw` is a shape with a dimension that is no plain number", "3xw", "input 3x(w)"),
        ("a = 15 %", "a blank before `%`", "15 %", "a = 15%"),
        ("dense 28*28 relu", "arithmetic without parentheses", "28*28", "dense (28*28) relu"),
        ("a = -w", "arithmetic without parentheses", "-w", "a = (-w)"),
        ("dense 16tanh", "`16` and `tanh` are written as one word", "16tanh", "dense 16 tanh"),
        ("a = f(b -1)", "`-` may be an operator or the sign of another value", "-", "a = f(b -1)"),
    ]);
    let (file, reports) = read("a = 1e999");
    assert_eq!((reports[0].code, marked("a = 1e999", &reports[0])), (codes::DOMAIN, "1e999"));
    assert_eq!(settings(&file.items)[0].value.kind, ValueKind::Invalid);
}

#[test]
fn what_was_expected_is_said_in_plain_words() {
    check(&[
        ("x =", "expected a value, found the end of the line", "", "x ="),
        ("= 5", "expected a name, found `=`", "=", "= 5"),
        ("x = f(-1 1)", "expected `,` or `)`, found `1`", "1", "x = f(-1 1)"),
        ("x = [1,, 2]", "expected a value or `]`, found `,`", ",", "x = [1,, 2]"),
        ("x = (2 * )", "expected a number or a name, found `)`", ")", "x = (2 * )"),
        ("let 5 = 3", "expected a name, found `5`", "5", "let 5 = 3"),
        ("let x 3", "expected `=`, found `3`", "3", "let x 3"),
        ("dense 5$", "`$` stands right after `5`", "$", "dense 5$"),
        ("dense 16)", "`)` closes nothing", ")", "dense 16"),
        ("dense 1 a=zeros tanh", "`tanh` stands after the options", "tanh", "dense 1 a=zeros tanh"),
        ("train { a = 5 b = 3 }", "two settings on one line", "b", "train { a = 5\nb = 3 }"),
        ("data s n=3 m = 1 {\n}", "`n=` stands before `{`", "n=", "data s(n=3, m=1) {\n}"),
        ("table {\n a,b\n 1,2\n}", "the cells of this table are separated by commas", "a,b", "table {\n a b\n 1 2\n}"),
        ("table {\n 1 \"a\"b\n}", "a quote within a cell", "\"a\"b", "table {\n 1 \"a\"b\n}"),
    ]);
}

#[test]
fn what_is_open_is_closed_where_it_should_be() {
    check(&[
        ("x = f(1, 2\ny = 3", "`(` is never closed", "", "x = f(1, 2)\ny = 3"),
        ("x = [\n  1,\n  2\ny = 3", "`[` is never closed", "", "x = [\n  1,\n  2]\ny = 3"),
        ("x = f(1]", "`(` is closed by `]`", "]", "x = f(1]"),
        ("x = \"abc", "a text is never closed", "\"", "x = \"abc"),
        ("n {\n  a\n", "`n` is never closed", "", "n {\n  a\n}\n"),
        ("n {\n  a # c\n\nt {\n  b\n}\n", "`n` is never closed", "", "n {\n  a # c\n}\n\nt {\n  b\n}\n"),
        ("n\n  a\n}\n", "`n` is closed but never opened", "", "n {\n  a\n}\n"),
        ("n {\n}\n}\n", "`}` closes nothing", "}", "n {\n}\n\n"),
    ]);
    let (_, reports) = read("x = f(1,\n  g(2\ny = 3");
    let labels: Vec<&str> = reports.iter().flat_map(|r| &r.labels).map(|label| label.text.as_str()).collect();
    assert_eq!(labels, ["opened here", "opened here"]);
}

#[test]
fn an_unclosed_block_keeps_its_neighbours() {
    let (file, reports) = read("n {\n  a\n\nt {\n  b = 1\n}\n");
    assert_eq!(reports.len(), 1);
    assert_eq!(blocks(&file.items).len(), 2);
    let (file, _) = read("d \"a.csv {\n  t = y\n}\n");
    assert_eq!(settings(&blocks(&file.items)[0].items).len(), 1, "the brace after an unclosed text opens the block");
    let (file, _) = read("d {\n  table\n    a b\n    1 2\n  }\n}\n");
    assert_eq!(tables(&blocks(&file.items)[0].items)[0].rows.len(), 2);
}

#[test]
fn every_broken_line_is_reported_and_the_others_are_read() {
    let text = "train {\n  a == 1\n  b = 2\n  c = f(1\n  d = 4\n  e = 'x'\n  f = 6\n  g = 1e\n}\n";
    let (file, reports) = read(text);
    let source = Source::new("a.nn", text);
    let lines: Vec<usize> =
        reports.iter().filter_map(|r| r.primary.as_ref()).map(|l| source.position(l.span.start).line).collect();
    assert_eq!(lines, [2, 4, 6, 8]);
    let keys: Vec<&str> = settings(&blocks(&file.items)[0].items).iter().map(|s| s.key.text.as_str()).collect();
    assert_eq!(keys, ["b", "d", "f"]);
}

#[test]
fn depth_and_length_are_bounded() {
    let brackets = format!("x = {}1{}\ny = 2", "(".repeat(65), ")".repeat(65));
    let (file, reports) = read(&brackets);
    assert_eq!(reports[0].message, "brackets nest deeper than 64");
    assert_eq!(settings(&file.items).len(), 1);
    sound(&format!("x = {}1{}", "(".repeat(64), ")".repeat(64)));
    sound(&format!("x = {}1{}", "f(k=[".repeat(32), "])".repeat(32)));
    let both = format!("{}x = {}1{}\n{}", "a {\n".repeat(64), "f(".repeat(64), ")".repeat(64), "}\n".repeat(64));
    sound(&both);
    let nested = format!("{}{}", "a {\n".repeat(65), "}\n".repeat(65));
    assert_eq!(read(&nested).1[0].message, "blocks nest deeper than 64");
    let (_, reports) = read(&" ".repeat(LONGEST + 1));
    assert_eq!((reports.len(), reports[0].message.as_str()), (1, "the file has 17 MiB; at most 16 MiB are read"));
}
