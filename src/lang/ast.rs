//! The syntax tree of an expression, as the parser makes it and the evaluator walks it.
//!
//! Positions are byte offsets, so that a tree costs little and lines are counted only for errors.
//! Nothing here evaluates.

use crate::diag::SourceFile;
use crate::value::{Name, Value};
use std::ops::Range;
use std::sync::Arc;

/// A byte range of the file that a node was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct At {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl At {
    /// From the start of `self` to the end of `other`.
    pub fn to(self, other: At) -> At {
        At { start: self.start, end: other.end }
    }

    /// As offsets for slicing.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// An expression.
#[derive(Debug)]
pub(crate) struct Node {
    pub kind: NodeKind,
    pub at: At,
    /// Levels of nodes below and including this one; bounds every recursive walk.
    pub height: u16,
}

/// The kinds of expressions.
#[derive(Debug)]
pub(crate) enum NodeKind {
    /// `null`, `true`, `12.5`
    Literal(Value),
    /// Quoted or heredoc text.
    Template(Vec<Part>),
    /// A text of the JSON syntax.
    Json(Box<JsonText>),
    /// `"${x}"`: the value itself, of whatever type.
    Passthrough(Arc<Node>),
    /// A name on its own, or the first of a traversal.
    Name(Name),
    /// A bare name as key of an object.
    Key(Name),
    /// `root.a[0][*].b`
    Traversal { root: Arc<Node>, steps: Vec<Step> },
    /// `( … )`
    Paren(Arc<Node>),
    /// `!x`, `-x`
    Unary { op: UnaryOp, operand: Arc<Node> },
    /// `a + b`
    Binary { op: BinaryOp, op_at: At, left: Arc<Node>, right: Arc<Node> },
    /// `a ? b : c`
    Conditional { condition: Arc<Node>, yes: Arc<Node>, no: Arc<Node> },
    /// `f(a, b...)`
    Call { name: Name, name_at: At, args: Vec<Arc<Node>>, expand: bool },
    /// `[a, b]`
    List(Vec<Arc<Node>>),
    /// `{ k = v }`
    Object(Vec<(Arc<Node>, Arc<Node>)>),
    /// `[for v in c : …]`, `{for k, v in c : … => …}`
    For(Box<For>),
}

/// A text of the JSON syntax: a template, or where a name, a type or a reference is wanted, an expression.
#[derive(Debug)]
pub(crate) struct JsonText {
    /// The text, without its escapes.
    pub text: Arc<str>,
    pub template: Arc<Node>,
    /// The text as an expression, if it is one.
    pub code: Option<Arc<Node>>,
}

/// A `for` expression.
#[derive(Debug)]
pub(crate) struct For {
    pub key_name: Option<Name>,
    pub value_name: Name,
    pub collection: Arc<Node>,
    /// Present in the form that makes an object.
    pub key: Option<Arc<Node>>,
    pub value: Arc<Node>,
    /// `...` after the value: values of equal keys are collected.
    pub grouping: bool,
    pub condition: Option<Arc<Node>>,
}

/// One step of a traversal.
#[derive(Debug)]
pub(crate) struct Step {
    pub kind: StepKind,
    pub at: At,
}

/// The kinds of steps.
#[derive(Debug)]
pub(crate) enum StepKind {
    /// `.name`
    Attribute(Name),
    /// `[key]` or `.0`
    Index(Arc<Node>),
    /// `[*]` or `.*`, with the steps taken on each element.
    Splat(Vec<Step>),
}

/// A part of a template.
#[derive(Debug)]
pub(crate) enum Part {
    /// Text as it is.
    Text(Arc<str>),
    /// `${ … }`
    Interpolation(Arc<Node>),
    /// `%{ if } … %{ else } … %{ endif }`
    If { condition: Arc<Node>, yes: Vec<Part>, no: Vec<Part> },
    /// `%{ for } … %{ endfor }`
    For { key_name: Option<Name>, value_name: Name, collection: Arc<Node>, body: Vec<Part> },
}

/// Operators before one operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnaryOp {
    Not,
    Negate,
}

/// Operators between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BinaryOp {
    Or,
    And,
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl BinaryOp {
    /// How tightly it binds; higher binds tighter.
    pub fn precedence(self) -> u8 {
        use BinaryOp::*;
        match self {
            Or => 1,
            And => 2,
            Equal | NotEqual => 3,
            Greater | GreaterOrEqual | Less | LessOrEqual => 4,
            Add | Subtract => 5,
            Multiply | Divide | Modulo => 6,
        }
    }
}

/// The content of a file or block.
#[derive(Debug, Default)]
pub(crate) struct BodyNode {
    pub attributes: Vec<AttributeNode>,
    pub blocks: Vec<BlockNode>,
    pub at: At,
}

/// `name = value`
#[derive(Debug, Clone)]
pub(crate) struct AttributeNode {
    pub name: Name,
    pub name_at: At,
    pub value: Arc<Node>,
    /// Where it is from, if not from the file of the body around it.
    pub file: Option<Arc<SourceFile>>,
    /// Whether it is a property of the JSON syntax, and so perhaps a block.
    pub json: bool,
}

/// `name "label" { … }`
#[derive(Debug, Clone)]
pub(crate) struct BlockNode {
    pub name: Name,
    pub name_at: At,
    pub labels: Vec<(Name, At)>,
    pub body: Arc<BodyNode>,
    /// Where it is from, if not from the file of the body around it.
    pub file: Option<Arc<SourceFile>>,
}
