//! The database: its port, and the name that its clients know.

use super::case::{Case, Edit::*, Right::*, all_right};
use super::watch::Slow::*;

const PORT: &str = "  port                   = 5432";
const RULE: &str = "  from_port                    = 5432\n  to_port                      = 5432";

const CASES: [Case; 3] = [
    Case {
        what: "another port",
        before: &[],
        change: &[Put(PORT, "  port                   = 5433")],
        slow: Adding,
        flow: ["orders", "port", ""],
        right: Refused,
    },
    Case {
        what: "another port, and the rule with it",
        before: &[],
        change: &[
            Put(PORT, "  port                   = 5433"),
            Put(RULE, "  from_port                    = 5433\n  to_port                      = 5433"),
        ],
        slow: Adding,
        flow: ["orders", "port", ""],
        right: Refused,
    },
    Case {
        what: "another identifier",
        before: &[],
        change: &[Put("identifier             = \"orders\"", "identifier             = \"ledger\"")],
        slow: Adding,
        flow: ["orders", "identifier", ""],
        right: Refused,
    },
];

#[test]
fn a_database_is_found_where_it_was() {
    all_right(&CASES);
}
