//! Pictures of networks as a whole.

use super::*;
use crate::picture::drawing::Shape;

fn node(label: &str, kind: &str, width: usize, parameters: u64) -> Node {
    Node { label: label.into(), kind: kind.into(), shape: width.to_string(), parameters, width, units: None }
}

/// A chain of dense layers.
fn chain(widths: &[usize]) -> Graph {
    let mut before = 0;
    let nodes = widths.iter().enumerate().map(|(i, width)| {
        let parameters = if i == 0 { 0 } else { (before * width + width) as u64 };
        before = *width;
        node(&format!("layer{i}"), &format!("dense {width} tanh"), *width, parameters)
    });
    let nodes = nodes.collect();
    let edges = (1..widths.len()).map(|to| Edge { from: to - 1, to, wiring: Wiring::Dense(None) }).collect();
    Graph { title: "net.nn".into(), nodes, edges, groups: Vec::new() }
}

fn legible(drawing: &Drawing) -> String {
    drawing.assert_legible();
    let svg = drawing.svg();
    roxmltree::Document::parse(&svg).expect("well formed");
    svg
}

fn circles(drawing: &Drawing) -> usize {
    drawing.shapes.iter().filter(|s| matches!(s, Shape::Circle { .. })).count()
}

#[test]
fn a_small_network_shows_each_neuron_and_each_edge() {
    let mut graph = chain(&[4, 16, 3]);
    graph.nodes[0].units =
        Some(["sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)"].map(Into::into).into());
    graph.nodes[2].units = Some(["setosa", "versicolor", "virginica"].map(Into::into).into());
    let drawing = graph.draw();
    let svg = legible(&drawing);
    assert_eq!(circles(&drawing), 23);
    assert_eq!(drawing.shapes.iter().filter(|s| matches!(s, Shape::Path { .. })).count(), 4 * 16 + 16 * 3);
    for words in ["petal width (cm)", "virginica", "dense 16 tanh", "16 units · 80 parameters"] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn weights_colour_the_edges_only_where_they_fit() {
    let mut graph = chain(&[2, 1]);
    graph.edges[0].wiring = Wiring::Dense(Some(vec![1.0, -2.0]));
    let svg = legible(&graph.draw());
    assert!(svg.contains("nn-p24-line") && svg.contains("nn-n24-line") && svg.contains("negative weight"));
    graph.edges[0].wiring = Wiring::Dense(Some(vec![1.0]));
    assert!(!legible(&graph.draw()).contains("negative weight"));
}

#[test]
fn a_large_network_shows_boxes_of_bounded_size() {
    let svg = legible(&chain(&[64, 128, 64, 10]).draw());
    assert!(
        svg.contains("… 128 units …") && svg.contains("8,320 parameters") && svg.contains("17,226 parameters in all")
    );
    let svg = legible(&chain(&[4096; 1000]).draw());
    assert!(svg.contains("… 920 more …") && svg.len() < 400_000, "{}", svg.len());
}

#[test]
fn skips_are_arcs_in_both_pictures() {
    for width in [4, 400] {
        let mut graph = chain(&[width; 6]);
        let before = graph.draw().shapes.len();
        graph.edges.push(Edge { from: 1, to: 3, wiring: Wiring::Skip });
        graph.edges.push(Edge { from: 0, to: 4, wiring: Wiring::Skip });
        let drawing = graph.draw();
        legible(&drawing);
        assert_eq!(drawing.shapes.len() - before, 4, "two arcs, two arrow heads");
    }
}

#[test]
fn nonsense_is_drawn_without_harm() {
    let mut graph = chain(&[3, 0, 2]);
    graph.edges.push(Edge { from: 9, to: 1, wiring: Wiring::Skip });
    graph.edges.push(Edge { from: 1, to: 1, wiring: Wiring::Each });
    graph.edges.push(Edge { from: 2, to: 1, wiring: Wiring::Whole });
    graph.nodes[0].label = "x".repeat(100_000);
    graph.nodes[2].width = usize::MAX;
    legible(&graph.draw());
    legible(&Graph::default().draw());
    let edge = LitEdge { from: (0, 2), to: (2, usize::MAX - 1), text: "w".into(), value: Some(1.0), chosen: true };
    let stray = LitEdge { from: (7, 7), to: (8, 8), text: "w".into(), value: None, chosen: false };
    legible(&Lit { graph, edges: vec![edge, stray], ..Lit::default() }.draw());
    legible(&Lit::default().draw());
}

#[test]
fn texts_on_lit_edges_do_not_meet() {
    let graph = chain(&[3, 8, 8, 2]);
    let pairs = (0..8).flat_map(|a| (0..8).map(move |b| (a, b)));
    let edges: Vec<LitEdge> = pairs
        .map(|(a, b)| LitEdge {
            from: (1, a),
            to: (2, b),
            text: format!("w −0.{a}{b}5"),
            value: Some(-0.5),
            chosen: a + b == 0,
        })
        .collect();
    let units = (0..8).map(|u| LitUnit { at: (2, u), text: format!("tanh′ 0.{u}") }).collect();
    let svg = legible(&Lit { graph, edges, units, notes: vec!["sum −0.25".into()] }.draw());
    assert!(svg.contains("layer1."), "what has no place is listed");
}

#[test]
fn of_a_wide_layer_the_lit_neurons_are_shown() {
    let graph = chain(&[64, 128, 10]);
    let edge = |from, to| LitEdge { from, to, text: "0.5".into(), value: Some(0.5), chosen: false };
    let lit = Lit { graph, edges: vec![edge((0, 40), (1, 77)), edge((1, 77), (2, 3))], ..Lit::default() };
    let svg = legible(&lit.draw());
    assert!(svg.contains("… 76 more …") && svg.contains("… 49 more …"), "{svg}");
}

#[test]
fn names_are_escaped_in_each_language() {
    let mut graph = chain(&[2, 1]);
    graph.title = "a\"b\\".into();
    graph.nodes[0].label = "x\"]; y <b> `#&\n\\".into();
    let dot = graph.dot();
    assert!(
        dot.starts_with("digraph \"a\\\"b\\\\\" {") && dot.contains("label=\"x\\\"]; y <b> `#& \\\\\\ndense 2 tanh"),
        "{dot}"
    );
    assert!(dot.contains("n0 -> n1;"));
    let mermaid = graph.mermaid();
    assert!(
        mermaid.contains("n0[\"x#34;#93;#59; y #60;b#62; #96;#35;#38; #92;<br/>dense 2 tanh<br/>2 units\"]"),
        "{mermaid}"
    );
    graph.edges.push(Edge { from: 0, to: 1, wiring: Wiring::Skip });
    assert!(graph.mermaid().contains("n0 -. skip .-> n1") && graph.dot().contains("style=dashed"));
}

#[test]
fn no_text_on_a_lit_path_is_cut() {
    let mut graph = chain(&[2, 2, 1]);
    let column = "average nitrogen dioxide concentration over one hour (µg/m³)";
    graph.nodes[0].units = Some(vec![column.into(), "x".into()]);
    let text = "∂ of a quantity with a name so long that it finds no place between two columns of neurons".to_owned();
    let note = "one note that is longer than a picture is wide, and that is broken between its words ".repeat(4);
    let edge = LitEdge { from: (0, 0), to: (1, 1), text: text.clone(), value: Some(-2.0), chosen: false };
    let drawing = Lit { graph, edges: vec![edge], notes: vec![note.clone()], ..Lit::default() }.draw();
    legible(&drawing);
    let texts: Vec<String> = drawing.texts().into_iter().map(|t| t.0).collect();
    assert!(texts.iter().any(|t| t == column), "{texts:?}");
    let all = texts.join(" ");
    assert!(all.contains(&text) && all.contains(note.trim()) && !all.contains('…'), "{all}");
}

#[test]
fn lit_edges_have_the_colour_of_their_sign() {
    let edge = |to, value| LitEdge { from: (0, 0), to: (1, to), text: String::new(), value, chosen: false };
    let svg = legible(&Lit { graph: chain(&[1, 2]), edges: vec![edge(0, Some(-1.0))], ..Lit::default() }.draw());
    assert!(svg.contains("negative factor") && !svg.contains("positive factor"), "{svg}");
    let svg = legible(&Lit { graph: chain(&[1, 2]), edges: vec![edge(1, Some(f64::NAN))], ..Lit::default() }.draw());
    assert!(!svg.contains("factor"), "{svg}");
}

/// Every unit of every layer with a value.
fn valued(graph: Graph, value: impl Fn(usize, usize) -> f64) -> Valued {
    let all = graph.nodes.iter().enumerate().flat_map(|(n, node)| (0..node.width).map(move |u| (n, u)));
    let units = all.map(|at| ValuedUnit { at, value: value(at.0, at.1), text: format!("{:.2}", value(at.0, at.1)) });
    Valued { units: units.collect(), graph, notes: vec!["row 0: mse 0.25".into()] }
}

#[test]
fn neurons_are_coloured_by_their_values_and_edges_by_their_weights() {
    let mut graph = chain(&[2, 3]);
    graph.edges[0].wiring = Wiring::Dense(Some(vec![1.0, -2.0, 0.5, 0.1, -0.3, 2.0]));
    let drawing = valued(graph, |node, unit| (unit as f64 - 1.0) * 10f64.powi(node as i32 * 3)).draw();
    let svg = legible(&drawing);
    let faces: Vec<_> = drawing
        .shapes
        .iter()
        .filter_map(|s| if let Shape::Circle { fill: Some(ink), .. } = s { Some(ink.name()) } else { None })
        .collect();
    // Each layer has a scale of its own.
    assert_eq!(faces, ["nn-n24", "nn-p0", "nn-n24", "nn-p0", "nn-p24"]);
    for words in ["negative weight", "−largest of its layer", "+largest", "-1000.00"] {
        assert!(svg.contains(words), "{words}");
    }
}

#[test]
fn of_a_wide_layer_the_largest_values_are_shown() {
    let svg = legible(&valued(chain(&[3, 200, 1]), |_, unit| if unit == 77 { -9.0 } else { 0.1 }).draw());
    assert!(svg.contains(">-9.00<") && svg.contains("more …"), "{svg}");
    let deep = legible(&valued(chain(&[2; 30]), |_, _| f64::NAN).draw());
    assert!(deep.contains("10 layers between are not shown") && deep.contains(">layer29<"));
    legible(&Valued::default().draw());
    legible(&valued(chain(&[4; 3]), |_, unit| [f64::INFINITY, f64::NAN, 0.0, f64::MAX][unit]).draw());
}

#[test]
fn groups_are_one_box_each() {
    let mut graph = chain(&[64, 32, 32, 32, 10]);
    let group = Group { nodes: 1..4, label: "layer1 … layer3".into(), kind: "3 × dense 32 tanh".into() };
    graph.groups.push(group);
    let svg = legible(&graph.draw());
    assert!(
        svg.contains("3 × dense 32 tanh") && !svg.contains(">layer2<") && svg.contains("4,192 parameters"),
        "{svg}"
    );
    assert!(graph.dot().contains("layer1 … layer3") && graph.mermaid().contains("3 × dense"), "{}", graph.dot());
    let mut small = chain(&[2, 2, 2]);
    small.groups.push(Group { nodes: 1..3, label: "both".into(), kind: String::new() });
    assert!(!legible(&small.draw()).contains("both"), "a small network shows its neurons");
}
