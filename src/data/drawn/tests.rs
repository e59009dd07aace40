//! Made-up rows.

use crate::data::tests::{columns, csv, good, text};
use crate::data::{Dataset, Targets};

#[test]
fn made_up_rows_have_the_shape_of_the_data_s() {
    let d = good::<f64>(&csv("y"), &text("x,z,y\n1,5,a\n2,6,b\n3,7,c\n"));
    let made = Dataset::<f64>::drawn(&d.facts, &d.preparation, 7);
    assert_eq!((made.rows(), made.inputs.len(), &made.train[..]), (7, 14, &[0, 1, 2, 3, 4, 5, 6][..]));
    assert_eq!(made.targets, Targets::Classes(vec![0, 1, 2, 0, 1, 2, 0]));
    assert!(made.inputs.iter().all(|v| v.abs() <= 1.0));
    assert!(made.inputs.iter().any(|&v| v < -0.1) && made.inputs.iter().any(|&v| v > 0.1));
    let mut spec = csv("y");
    spec.target = columns(&["y", "z"]);
    let d = good::<f64>(&spec, &text("x,z,y\n1,5,0.5\n2,6,0.25\n3,7,2\n"));
    let Targets::Values { width, values } = Dataset::<f64>::drawn(&d.facts, &d.preparation, 5).targets else {
        panic!("values")
    };
    assert_eq!((width, values.len()), (2, 10));
}
