//! Expressions, from the loosest binding (`? :`) to single terms.

use super::lex::{Op, Tok, Token};
use super::{Open, Parsed, Parser};
use crate::lang::ast::{At, BinaryOp, For, Node, NodeKind, Step, StepKind, UnaryOp};
use crate::value::{Name, Number, Value};
use std::sync::Arc;

impl Parser<'_> {
    /// One expression.
    pub(super) fn expression(&mut self) -> Parsed<Arc<Node>> {
        self.deeper(|p| {
            let condition = p.binary(1)?;
            if p.take(Op::Question).is_none() {
                return Ok(condition);
            }
            let yes = p.expression()?;
            let colon = p.peek();
            if p.take(Op::Colon).is_none() {
                return Err(p
                    .unexpected(
                        colon,
                        "Missing false expression in conditional",
                        "The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
                    )
                    .into());
            }
            let no = p.expression()?;
            let at = condition.at.to(no.at);
            let below = condition.height.max(yes.height).max(no.height);
            p.node(NodeKind::Conditional { condition, yes, no }, at, below)
        })
    }

    fn binary(&mut self, least: u8) -> Parsed<Arc<Node>> {
        let mut left = self.unary()?;
        loop {
            let token = self.peek();
            let Some(op) = binary_op(token) else { return Ok(left) };
            if op.precedence() < least {
                return Ok(left);
            }
            self.bump();
            let right = self.binary(op.precedence() + 1)?;
            let at = left.at.to(right.at);
            let below = left.height.max(right.height);
            left = self.node(NodeKind::Binary { op, op_at: token.at, left, right }, at, below)?;
        }
    }

    fn unary(&mut self) -> Parsed<Arc<Node>> {
        let token = self.peek();
        let op = match token.kind {
            Tok::Op(Op::Not) => UnaryOp::Not,
            Tok::Op(Op::Minus) => UnaryOp::Negate,
            _ => {
                let term = self.term()?;
                return self.postfix(term);
            }
        };
        self.bump();
        let operand = self.deeper(Self::unary)?;
        let (at, below) = (token.at.to(operand.at), operand.height);
        self.node(NodeKind::Unary { op, operand }, at, below)
    }

    fn postfix(&mut self, root: Arc<Node>) -> Parsed<Arc<Node>> {
        let mut below = root.height;
        let steps = self.steps(&mut below, false)?;
        let Some(last) = steps.last() else { return Ok(root) };
        let at = root.at.to(last.at);
        self.node(NodeKind::Traversal { root, steps }, at, below)
    }

    /// The steps that follow; only `.name` and `.0` after an attribute splat.
    fn steps(&mut self, below: &mut u16, attributes_only: bool) -> Parsed<Vec<Step>> {
        let mut steps = Vec::new();
        loop {
            let token = self.peek();
            match token.kind {
                Tok::Op(Op::Dot) => self.dot(&mut steps, below, attributes_only)?,
                Tok::Op(Op::OpenBracket) if !attributes_only => {
                    let step = self.bracket(below)?;
                    steps.push(step);
                }
                _ => return Ok(steps),
            }
        }
    }

    fn dot(&mut self, steps: &mut Vec<Step>, below: &mut u16, attributes_only: bool) -> Parsed<()> {
        let dot = self.bump();
        let token = self.peek();
        match token.kind {
            Tok::Ident => {
                self.bump();
                steps.push(Step { kind: StepKind::Attribute(self.text(token.at).into()), at: dot.at.to(token.at) });
            }
            Tok::Number => {
                self.bump();
                let text = self.text(token.at);
                let number = Number::parse(text).filter(|_| text.bytes().all(|b| b.is_ascii_digit()));
                let Some(number) = number else {
                    return Err(self.error(token.at, "Invalid legacy index syntax").detail(
                        "When using the legacy index syntax, chaining two indexes together is not permitted. Use the proper index syntax instead, like [0][1].",
                    ).into());
                };
                let node = self.node(NodeKind::Literal(number.into()), token.at, 0)?;
                steps.push(Step { kind: StepKind::Index(node), at: dot.at.to(token.at) });
            }
            Tok::Op(Op::Star) if attributes_only => {
                let d = self.error(token.at, "Nested splat expression not allowed");
                let d =
                    d.detail("A splat expression (*) cannot be used inside another attribute-only splat expression.");
                return Err(d.hint("Write [*], which takes all steps after it.").into());
            }
            Tok::Op(Op::Star) => {
                self.bump();
                let each = self.deeper(|p| p.steps(below, true))?;
                let end = each.last().map_or(token.at, |s| s.at);
                steps.push(Step { kind: StepKind::Splat(each), at: dot.at.to(end) });
            }
            _ => {
                return Err(self
                    .unexpected(token, "Invalid attribute name", "An attribute name is required after a dot.")
                    .into());
            }
        }
        Ok(())
    }

    fn bracket(&mut self, below: &mut u16) -> Parsed<Step> {
        let open = self.bump();
        let opened = Open { at: open.at, what: "index", close: "bracket \"]\"" };
        let (key, close) = self.within(opened, false, |p| {
            let token = p.peek();
            if token.kind == Tok::Op(Op::Star) {
                p.bump();
                return Ok((
                    None,
                    p.close(
                        Op::CloseBracket,
                        "Missing close bracket on splat index",
                        "The star for a full splat operator must be immediately followed by a closing bracket (\"]\").",
                    )?,
                ));
            }
            let key = p.expression()?;
            let close = p.close(
                Op::CloseBracket,
                "Missing close bracket on index",
                "The index operator must end with a closing bracket (\"]\").",
            )?;
            Ok((Some(key), close))
        })?;
        let at = open.at.to(close.at);
        match key {
            Some(key) => {
                *below = (*below).max(key.height);
                Ok(Step { kind: StepKind::Index(key), at })
            }
            None => {
                let each = self.deeper(|p| p.steps(below, false))?;
                let end = each.last().map_or(at, |s| s.at);
                Ok(Step { kind: StepKind::Splat(each), at: at.to(end) })
            }
        }
    }

    pub(super) fn close(&mut self, op: Op, summary: &str, detail: &str) -> Parsed<Token> {
        let token = self.peek();
        match self.take(op) {
            Some(token) => Ok(token),
            None => Err(self.unexpected(token, summary, detail).into()),
        }
    }

    fn term(&mut self) -> Parsed<Arc<Node>> {
        let token = self.peek();
        match token.kind {
            Tok::Number => {
                self.bump();
                let text = self.text(token.at);
                let Some(number) = Number::parse(text) else {
                    return Err(self
                        .error(token.at, "Invalid number literal")
                        .detail(format!("{text} is out of the range of numbers."))
                        .into());
                };
                self.node(NodeKind::Literal(number.into()), token.at, 0)
            }
            Tok::Ident => self.name(),
            Tok::OpenQuote => self.quoted(),
            Tok::OpenHeredoc => self.heredoc(),
            Tok::Op(Op::OpenParen) => {
                self.bump();
                let opened = Open { at: token.at, what: "parenthesis", close: "parenthesis \")\"" };
                let (inner, close) = self.within(opened, false, |p| {
                    let inner = p.expression()?;
                    let close = p.close(
                        Op::CloseParen,
                        "Unbalanced parentheses",
                        "Expected a closing parenthesis to terminate the expression.",
                    )?;
                    Ok((inner, close))
                })?;
                let below = inner.height;
                self.node(NodeKind::Paren(inner), token.at.to(close.at), below)
            }
            Tok::Op(Op::OpenBracket) => {
                self.bump();
                let opened = Open { at: token.at, what: "list", close: "bracket \"]\"" };
                self.within(opened, false, |p| if p.is_word("for") { p.for_list(token.at) } else { p.list(token.at) })
            }
            Tok::Op(Op::OpenBrace) => {
                self.bump();
                let opened = Open { at: token.at, what: "object", close: "brace" };
                self.within(
                    opened,
                    false,
                    |p| {
                        if p.is_word("for") { p.for_object(token.at) } else { p.object(token.at) }
                    },
                )
            }
            Tok::Newline | Tok::End => Err(self
                .unexpected(token, "Missing expression", "Expected the start of an expression, but the line ends here.")
                .into()),
            _ => Err(self
                .unexpected(
                    token,
                    "Invalid expression",
                    "Expected the start of an expression, but found an invalid expression token.",
                )
                .into()),
        }
    }

    fn name(&mut self) -> Parsed<Arc<Node>> {
        let first = self.bump();
        let text = self.text(first.at);
        let mut end = first.at;
        let mut name = text.to_owned();
        while self.peek().kind == Tok::Op(Op::DoubleColon) {
            self.bump();
            let part = self.peek();
            if part.kind != Tok::Ident {
                return Err(self
                    .unexpected(part, "Missing function name", "A function name is required after \"::\".")
                    .into());
            }
            self.bump();
            name.push_str("::");
            name.push_str(self.text(part.at));
            end = part.at;
        }
        let name_at = first.at.to(end);
        let token = self.peek();
        if token.kind == Tok::Op(Op::OpenParen) {
            return self.call(name.into(), name_at);
        }
        if end != first.at {
            return Err(self
                .unexpected(
                    token,
                    "Missing open parenthesis",
                    "Function names with \"::\" must be followed by an argument list in parentheses.",
                )
                .into());
        }
        let kind = match text {
            "true" => NodeKind::Literal(true.into()),
            "false" => NodeKind::Literal(false.into()),
            "null" => NodeKind::Literal(Value::any_null()),
            _ => NodeKind::Name(text.into()),
        };
        self.node(kind, first.at, 0)
    }

    fn call(&mut self, name: Name, name_at: At) -> Parsed<Arc<Node>> {
        let open = self.bump();
        let opened = Open { at: name_at.to(open.at), what: "function call", close: "parenthesis \")\"" };
        self.within(opened, false, |p| {
            let (mut args, mut expand, mut below) = (Vec::new(), false, 0);
            let close = loop {
                if let Some(close) = p.take(Op::CloseParen) {
                    break close;
                }
                let arg = p.expression()?;
                below = below.max(arg.height);
                args.push(arg);
                let token = p.peek();
                match token.kind {
                    Tok::Op(Op::Comma) => {
                        p.bump();
                    }
                    Tok::Op(Op::Ellipsis) => {
                        p.bump();
                        expand = true;
                        p.take(Op::Comma);
                        break p.close(
                            Op::CloseParen,
                            "Missing closing parenthesis",
                            "An expanded function argument (with ...) must be immediately followed by closing parentheses.",
                        )?;
                    }
                    Tok::Op(Op::CloseParen) => {}
                    _ => {
                        return Err(p.unexpected(
                            token,
                            "Missing argument separator",
                            "A comma is required to separate each function argument from the next.",
                        ).into());
                    }
                }
            };
            p.node(NodeKind::Call { name, name_at, args, expand }, name_at.to(close.at), below)
        })
    }

    fn list(&mut self, open: At) -> Parsed<Arc<Node>> {
        let (mut items, mut below) = (Vec::new(), 0);
        loop {
            if let Some(close) = self.take(Op::CloseBracket) {
                return self.node(NodeKind::List(items), open.to(close.at), below);
            }
            let item = self.expression()?;
            below = below.max(item.height);
            items.push(item);
            let token = self.peek();
            match token.kind {
                Tok::Op(Op::Comma) => {
                    self.bump();
                }
                Tok::Op(Op::CloseBracket) => {}
                _ => {
                    return Err(self
                        .unexpected(
                            token,
                            "Missing item separator",
                            "Expected a comma to mark the beginning of the next item.",
                        )
                        .into());
                }
            }
        }
    }

    fn object(&mut self, open: At) -> Parsed<Arc<Node>> {
        self.newlines = true;
        let (mut items, mut below) = (Vec::new(), 0);
        loop {
            while self.peek().kind == Tok::Newline {
                self.bump();
            }
            if let Some(close) = self.take(Op::CloseBrace) {
                return self.node(NodeKind::Object(items), open.to(close.at), below);
            }
            let key = self.key()?;
            let token = self.peek();
            match token.kind {
                Tok::Op(Op::Assign | Op::Colon) => {
                    self.bump();
                }
                Tok::Newline | Tok::Op(Op::Comma) => {
                    return Err(self
                        .error(key.at, "Missing attribute value")
                        .detail("Expected an attribute value, introduced by an equals sign (\"=\").")
                        .into());
                }
                _ => {
                    return Err(self
                        .unexpected(
                            token,
                            "Missing key/value separator",
                            "Expected an equals sign (\"=\") to mark the beginning of the attribute value.",
                        )
                        .into());
                }
            }
            let value = self.expression()?;
            below = below.max(key.height).max(value.height);
            items.push((key, value));
            let token = self.peek();
            match token.kind {
                Tok::Op(Op::Comma) | Tok::Newline => {
                    self.bump();
                }
                Tok::Op(Op::CloseBrace) => {}
                _ => {
                    return Err(self
                        .unexpected(
                            token,
                            "Missing attribute separator",
                            "Expected a newline or comma to mark the beginning of the next attribute.",
                        )
                        .into());
                }
            }
        }
    }

    fn key(&mut self) -> Parsed<Arc<Node>> {
        let key = self.expression()?;
        Ok(match &key.kind {
            NodeKind::Name(name) => self.node(NodeKind::Key(name.clone()), key.at, 0)?,
            NodeKind::Literal(_) => {
                let word = self.text(key.at);
                match word {
                    "true" | "false" | "null" => self.node(NodeKind::Key(word.into()), key.at, 0)?,
                    _ => key,
                }
            }
            _ => key,
        })
    }

    fn for_intro(&mut self) -> Parsed<(Option<Name>, Name, Arc<Node>)> {
        self.bump();
        let first = self.loop_name("Invalid 'for' expression")?;
        let (key_name, value_name) = if self.take(Op::Comma).is_some() {
            (Some(first), self.loop_name("Invalid 'for' expression")?)
        } else {
            (None, first)
        };
        if !self.is_word("in") {
            let token = self.peek();
            return Err(self
                .unexpected(
                    token,
                    "Invalid 'for' expression",
                    "A 'for' expression requires the 'in' keyword after its name declarations.",
                )
                .into());
        }
        self.bump();
        let collection = self.expression()?;
        self.close(
            Op::Colon,
            "Invalid 'for' expression",
            "A 'for' expression requires a colon after the collection expression.",
        )?;
        Ok((key_name, value_name, collection))
    }

    pub(super) fn loop_name(&mut self, summary: &str) -> Parsed<Name> {
        let token = self.peek();
        if token.kind != Tok::Ident {
            return Err(self
                .unexpected(token, summary, "A 'for' requires a name for each element after the 'for' keyword.")
                .into());
        }
        self.bump();
        Ok(self.text(token.at).into())
    }

    fn for_condition(&mut self) -> Parsed<Option<Arc<Node>>> {
        if !self.is_word("if") {
            return Ok(None);
        }
        self.bump();
        self.expression().map(Some)
    }

    fn for_list(&mut self, open: At) -> Parsed<Arc<Node>> {
        let (key_name, value_name, collection) = self.for_intro()?;
        let value = self.expression()?;
        let arrow = self.peek();
        if arrow.kind == Tok::Op(Op::Arrow) {
            return Err(self
                .error(arrow.at, "Invalid 'for' expression")
                .detail("The \"=>\" operator is valid only in a 'for' expression in braces, which makes an object.")
                .into());
        }
        let condition = self.for_condition()?;
        let close = self.close(
            Op::CloseBracket,
            "Invalid 'for' expression",
            "Extra characters after the end of the 'for' expression: expected \"]\".",
        )?;
        let r#for = For { key_name, value_name, collection, key: None, value, grouping: false, condition };
        self.for_node(r#for, open.to(close.at))
    }

    fn for_object(&mut self, open: At) -> Parsed<Arc<Node>> {
        let (key_name, value_name, collection) = self.for_intro()?;
        let key = self.expression()?;
        self.close(
            Op::Arrow,
            "Invalid 'for' expression",
            "A 'for' expression in braces makes an object: it requires \"key => value\" after the colon.",
        )?;
        let value = self.expression()?;
        let grouping = self.take(Op::Ellipsis).is_some();
        let condition = self.for_condition()?;
        let close = self.close(
            Op::CloseBrace,
            "Invalid 'for' expression",
            "Extra characters after the end of the 'for' expression: expected \"}\".",
        )?;
        let r#for = For { key_name, value_name, collection, key: Some(key), value, grouping, condition };
        self.for_node(r#for, open.to(close.at))
    }

    fn for_node(&mut self, r#for: For, at: At) -> Parsed<Arc<Node>> {
        let parts = [Some(&r#for.collection), r#for.key.as_ref(), Some(&r#for.value), r#for.condition.as_ref()];
        let below = parts.into_iter().flatten().map(|n| n.height).max().unwrap_or(0);
        self.node(NodeKind::For(Box::new(r#for)), at, below)
    }
}

fn binary_op(token: Token) -> Option<BinaryOp> {
    let Tok::Op(op) = token.kind else { return None };
    Some(match op {
        Op::Or => BinaryOp::Or,
        Op::And => BinaryOp::And,
        Op::Equal => BinaryOp::Equal,
        Op::NotEqual => BinaryOp::NotEqual,
        Op::Greater => BinaryOp::Greater,
        Op::GreaterOrEqual => BinaryOp::GreaterOrEqual,
        Op::Less => BinaryOp::Less,
        Op::LessOrEqual => BinaryOp::LessOrEqual,
        Op::Plus => BinaryOp::Add,
        Op::Minus => BinaryOp::Subtract,
        Op::Star => BinaryOp::Multiply,
        Op::Slash => BinaryOp::Divide,
        Op::Percent => BinaryOp::Modulo,
        _ => return None,
    })
}
