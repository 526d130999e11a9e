//! Maps from ranges to what holds in them, kept in their one normal form: sorted, disjoint, joined where they touch and
//! hold the same. Two maps that mean the same are equal, and each operation is one pass over both.

/// A number of a dimension: it has a least, a greatest and a next.
pub trait Point: Copy + Ord {
    /// The least.
    const LEAST: Self;
    /// The greatest.
    const GREATEST: Self;
    /// The next greater one, if there is one.
    fn next(self) -> Option<Self>;
    /// The next less one, if there is one.
    fn previous(self) -> Option<Self>;
}

macro_rules! points {
    ($($number:ty),*) => {$(
        impl Point for $number {
            const LEAST: Self = <$number>::MIN;
            const GREATEST: Self = <$number>::MAX;
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn previous(self) -> Option<Self> {
                self.checked_sub(1)
            }
        }
    )*};
}

points!(u8, u16);

/// How two sets become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Join {
    /// In either.
    Union,
    /// In both.
    Intersection,
    /// In the first and not in the second.
    Difference,
}

/// What holds in a range: a point of the set, or a set of further dimensions. It is never empty.
pub trait Layer: Clone + PartialEq {
    /// Both as one; nothing where that is empty.
    fn join(join: Join, first: Option<&Self>, second: Option<&Self>) -> Option<Self>;
}

impl Layer for () {
    fn join(join: Join, first: Option<&()>, second: Option<&()>) -> Option<()> {
        let both = (first.is_some(), second.is_some());
        let holds = match join {
            Join::Union => both.0 || both.1,
            Join::Intersection => both.0 && both.1,
            Join::Difference => both.0 && !both.1,
        };
        holds.then_some(())
    }
}

/// A range from its first to its last number, and what holds there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Span<P, L> {
    /// The first number.
    pub first: P,
    /// The last number.
    pub last: P,
    /// What holds in it.
    pub holds: L,
}

/// Ranges with what holds in each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Spans<P, L>(Vec<Span<P, L>>);

impl<P, L> Default for Spans<P, L> {
    fn default() -> Self {
        Spans(Vec::new())
    }
}

impl<P: Point, L: Layer> Spans<P, L> {
    /// One range; nothing if it ends before it begins.
    pub fn one(first: P, last: P, holds: L) -> Self {
        Spans(if first <= last { vec![Span { first, last, holds }] } else { Vec::new() })
    }

    /// All numbers.
    pub fn all(holds: L) -> Self {
        Spans::one(P::LEAST, P::GREATEST, holds)
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The ranges in order.
    pub fn iter(&self) -> impl Iterator<Item = &Span<P, L>> + Clone {
        self.0.iter()
    }

    /// What holds at a number.
    pub fn at(&self, point: P) -> Option<&L> {
        let next = self.0.partition_point(|span| span.last < point);
        self.0.get(next).filter(|span| span.first <= point).map(|span| &span.holds)
    }

    /// Both as one, in one pass over both.
    pub fn joined(&self, join: Join, other: &Self) -> Self {
        let (mut made, mut left, mut right) = (Vec::new(), Walk::new(&self.0), Walk::new(&other.0));
        loop {
            let (first, second) = (left.current(), right.current());
            if second.is_none() && join != Join::Union && join != Join::Difference {
                break;
            }
            if first.is_none() && join != Join::Union {
                break;
            }
            // The piece up to where either begins or ends next.
            let Some(begin) = [first, second].into_iter().flatten().map(|(first, ..)| first).min() else { break };
            let end = |piece: Option<(P, P, &L)>| match piece {
                Some((first, last, _)) if first == begin => Some(last),
                Some((first, ..)) => first.previous(),
                None => None,
            };
            let Some(end) = [end(first), end(second)].into_iter().flatten().min() else { break };
            let held = |piece: Option<(P, P, &'_ L)>| piece.filter(|(first, ..)| *first == begin).is_some();
            let one = first.filter(|_| held(first)).map(|(_, _, holds)| holds);
            let two = second.filter(|_| held(second)).map(|(_, _, holds)| holds);
            if let Some(holds) = L::join(join, one, two) {
                push(&mut made, Span { first: begin, last: end, holds });
            }
            left.pass(end);
            right.pass(end);
        }
        Spans(made)
    }

    /// The same ranges with something else in each; nothing where it gives nothing.
    pub fn map<M: Layer>(&self, change: impl Fn(&Span<P, L>) -> Option<M>) -> Spans<P, M> {
        let mut made = Vec::new();
        for span in &self.0 {
            if let Some(holds) = change(span) {
                push(&mut made, Span { first: span.first, last: span.last, holds });
            }
        }
        Spans(made)
    }
}

impl<P: Point, L: Layer> Layer for Spans<P, L> {
    fn join(join: Join, first: Option<&Self>, second: Option<&Self>) -> Option<Self> {
        let made = match (first, second) {
            (Some(first), Some(second)) => first.joined(join, second),
            (Some(first), None) if join != Join::Intersection => first.clone(),
            (None, Some(second)) if join == Join::Union => second.clone(),
            _ => return None,
        };
        (!made.is_empty()).then_some(made)
    }
}

/// Adds a range at the end, joined with the one before if they touch and hold the same.
fn push<P: Point, L: PartialEq>(spans: &mut Vec<Span<P, L>>, span: Span<P, L>) {
    match spans.last_mut() {
        Some(before) if before.last.next() == Some(span.first) && before.holds == span.holds => before.last = span.last,
        _ => spans.push(span),
    }
}

/// A walk over ranges, of which the current one may be passed in part.
struct Walk<'s, P, L> {
    rest: &'s [Span<P, L>],
    from: Option<P>,
}

impl<'s, P: Point, L> Walk<'s, P, L> {
    fn new(spans: &'s [Span<P, L>]) -> Self {
        Walk { rest: spans, from: None }
    }

    /// The rest of the current range: first, last, what holds.
    fn current(&self) -> Option<(P, P, &'s L)> {
        let span = self.rest.first()?;
        Some((self.from.unwrap_or(span.first), span.last, &span.holds))
    }

    /// Continues after this number.
    fn pass(&mut self, end: P) {
        let Some((first, last, _)) = self.current() else { return };
        if last <= end {
            self.rest = &self.rest[1..];
            self.from = None;
        } else if first <= end {
            self.from = end.next();
        }
    }
}
