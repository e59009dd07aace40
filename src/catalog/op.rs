//! [`Op`]: what a layer is in ONNX's words. Exporters match on it exhaustively, so that a new layer cannot be
//! forgotten.

/// One operator; its tensors are the node's own, by name.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names and attributes are ONNX's")]
pub enum Op {
    Gemm {
        bias: bool,
    },
    Relu,
    /// Its slopes are the tensor `slope`.
    PRelu,
    LeakyRelu {
        alpha: f64,
    },
    Elu {
        alpha: f64,
    },
    Sigmoid,
    Tanh,
    Softmax,
    Gelu,
    /// x · sigmoid(x), two operators in ONNX.
    Silu,
    Softplus,
    Selu,
    Mish,
    Softsign,
    HardSigmoid {
        alpha: f64,
        beta: f64,
    },
    Clip {
        min: f64,
        max: f64,
    },
    Sin,
    /// z > 0, two operators in ONNX: Greater and Cast.
    Step,
    Identity,
    Flatten,
    Reshape {
        dimensions: Vec<usize>,
    },
    /// Nothing at inference.
    Dropout {
        ratio: f64,
    },
    BatchNormalization {
        epsilon: f64,
        momentum: f64,
    },
    LayerNormalization {
        epsilon: f64,
    },
    Add,
    Mul,
    Concat {
        axis: usize,
    },
    /// Some of the values, by their places.
    Gather {
        indices: Vec<usize>,
    },
}
