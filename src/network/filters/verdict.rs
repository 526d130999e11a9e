//! Sets of packets of which not all is known: those that pass for sure, and those that may.

use crate::network::space::Packets;

/// The packets that pass. Those that pass for sure are among those that may.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verdict {
    /// Those that pass whatever is not known yet.
    pub sure: Packets,
    /// Those that pass for some outcome of what is not known yet.
    pub may: Packets,
}

impl Verdict {
    /// All packets.
    pub fn all() -> Self {
        Verdict::known(Packets::all())
    }

    /// Exactly these.
    pub fn known(packets: Packets) -> Self {
        Verdict { sure: packets.clone(), may: packets }
    }

    /// What passes both.
    pub fn and(&self, other: &Verdict) -> Verdict {
        self.with(other, Packets::and)
    }

    /// Most is known for sure: the two sets are equal, and one pass does for both.
    fn with(&self, other: &Verdict, join: impl Fn(&Packets, &Packets) -> Packets) -> Verdict {
        let may = join(&self.may, &other.may);
        let alike = self.sure == self.may && other.sure == other.may;
        Verdict { sure: if alike { may.clone() } else { join(&self.sure, &other.sure) }, may }
    }

    /// What passes either.
    pub fn or(&self, other: &Verdict) -> Verdict {
        self.with(other, Packets::union)
    }

    /// What passes where one of the two holds, and it is not known which.
    pub fn either(&self, other: &Verdict) -> Verdict {
        Verdict { sure: self.sure.and(&other.sure), may: self.may.union(&other.may) }
    }

    /// The same where it is not known whether the way exists.
    pub fn doubtful(mut self) -> Verdict {
        self.sure = Packets::default();
        self
    }

    /// The same, whatever the address on the far side.
    pub(in crate::network) fn without_addresses(&self) -> Verdict {
        Verdict { sure: self.sure.without_addresses(), may: self.may.without_addresses() }
    }

    /// Whether nothing passes.
    pub fn is_empty(&self) -> bool {
        self.may.is_empty()
    }
}
