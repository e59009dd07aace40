//! The floors that reports print (F6 to F9) are true: however long training goes on, it ends at or above the floor, and
//! within 1 % of it where the fit is exact.

use crate::common::{Folder, run};
use serde_json::Value;

/// Data, output layers and loss of a program that ends on its floor, and its rule.
struct Case {
    code: &'static str,
    data: String,
    output: &'static str,
    loss: &'static str,
}

fn table(target: &str, head: &str, rows: impl Iterator<Item = String>) -> String {
    let rows: Vec<String> = rows.collect();
    format!("data {{\n  target = {target}\n  table {{\n    {head}\n    {}\n  }}\n}}\n", rows.join("\n    "))
}

fn cases() -> Vec<Case> {
    let square = |from: f64| {
        (0..=20).map(move |i| (f64::from(i) * 0.2 - 2.0, from)).map(|(x, from)| format!("{x:.1} {:.2}", x * x + from))
    };
    let blobs = "data blobs(samples=60, noise=0.05) { }\n".to_owned();
    let xor = ["0 0 0", "0 1 1", "1 0 1", "1 1 0", "0.1 0.9 1", "0.9 1 0"].map(str::to_owned);
    // Rows of none, one, two or three labels of three, each told by the signs of a, b and c.
    let labels = (0..8).map(|i: u32| {
        let bits = [i & 1, i >> 1 & 1, i >> 2 & 1];
        let signs = bits.map(|b| if b == 1 { "1" } else { "-1" });
        format!("{} {} {} {} {} {}", signs[0], signs[1], signs[2], bits[0], bits[1], bits[2])
    });
    vec![
        Case { code: "NN304", data: table("y", "x y", square(3.0)), output: "dense 1 sigmoid", loss: "mse" },
        Case { code: "NN304", data: table("y", "x y", square(1.5)), output: "dense 1 sigmoid", loss: "mae" },
        Case { code: "NN304", data: table("y", "x y", square(2.0)), output: "dense 1 tanh", loss: "huber" },
        Case { code: "NN308", data: table("y", "x y", square(-1.0)), output: "dense 1 relu", loss: "mse" },
        Case { code: "NN301", data: table("y", "a b y", xor.into_iter()), output: "dense 1 softmax", loss: "mse" },
        Case { code: "NN302", data: blobs, output: "dense classes softmax\n  softmax", loss: "cross_entropy" },
        Case {
            code: "NN306",
            data: table("[p, q, r]", "a b c p q r", labels.clone()),
            output: "dense 3 softmax",
            loss: "mse",
        },
        Case {
            code: "NN306",
            data: table("[p, q, r]", "a b c p q r", labels),
            output: "dense 3 softmax",
            loss: "binary_cross_entropy",
        },
    ]
}

#[test]
fn training_ends_on_the_floor_and_never_below() {
    for Case { code, data, output, loss } in cases() {
        let program = format!(
            "# nn: allow({code}) its floor is measured\n\n{data}\nnetwork {{\n  dense 24 tanh\n  {output}\n}}\n\ntrain {{\n  loss = {loss}\n  \
             optimizer = adam\n  learning_rate = 0.03\n  epochs = 4000\n  batch = all\n  precision = f64\n  seed = 2\n}}\n"
        );
        let case = format!("{code} with {loss} after {output}");
        let folder =
            Folder::new().with("a.nn", &program).with("b.nn", program.split_once("\n\n").expect("a comment").1);
        let checked = run(&["check", "--quick", "--format", "json", &folder.text("b.nn")]);
        let reports = checked.out.lines().map(|l| serde_json::from_str::<Value>(l).expect("JSON"));
        let report =
            reports.into_iter().find(|r| r["code"] == code).unwrap_or_else(|| panic!("{case}: {}", checked.out));
        assert_eq!(report["level"], "error", "{case}");
        let floor = evidence(&report, "floor").unwrap_or_else(|| panic!("{case}: {report}"));

        // A start may be unlucky (a relu output can die at once); the best of some shows where the floor is.
        let mut best = f64::INFINITY;
        for seed in 1..=4 {
            let seed = format!("train.seed={seed}");
            let (log, model) = (folder.text("log"), folder.text("model"));
            let trained = run(&["train", "--quiet", &folder.text("a.nn"), "--set", &seed, "--log", &log, "-o", &model]);
            assert_eq!(trained.code, 0, "{case}: {}", trained.err);
            let log = std::fs::read_to_string(folder.path("log")).expect("the log");
            let losses: Vec<f64> =
                log.lines().filter_map(|l| serde_json::from_str::<Value>(l).ok()?["train_loss"].as_f64()).collect();
            assert!(losses.iter().all(|&l| l >= floor * (1.0 - 1e-9)), "{case}: below the floor of {floor}");
            best = best.min(*losses.last().expect("epochs"));
        }
        // The slope of an absolute error fades at the sigmoid's ends, so that its fit is never quite exact.
        // A relu output that has died stays so: its floor is never gone below, and seldom reached.
        let within = match (code, loss) {
            ("NN308", _) => continue,
            (_, "mae") => 1.05,
            _ => 1.01,
        };
        assert!(best <= within * floor, "{case}: {best} is far above the floor of {floor}");
    }
}

fn evidence(report: &Value, name: &str) -> Option<f64> {
    let evidence = &report["evidence"];
    evidence["values"][name].as_f64().or_else(|| evidence[name].as_f64())
}
