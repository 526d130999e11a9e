//! Each sample is a text as typed (`.in`) and what `terraform fmt` 1.11 makes of it (`.out`).

use super::*;
use proptest::prelude::*;

macro_rules! samples {
    ($($name:literal),+ $(,)?) => {
        [$((
            $name,
            include_str!(concat!("samples/", $name, ".in")),
            include_str!(concat!("samples/", $name, ".out")),
        )),+]
    };
}

const SAMPLES: [(&str, &str, &str); 7] =
    samples!["resources", "alignment", "operators", "blocks", "unicode", "crlf", "no_final_newline"];

#[test]
fn text_is_laid_out_as_terraform_lays_it_out() {
    for (name, input, expected) in SAMPLES {
        assert_eq!(format_source(input), expected, "{name}");
    }
}

#[test]
fn canonical_text_stays_as_it_is() {
    for (name, _, canonical) in SAMPLES {
        assert_eq!(format_source(canonical), canonical, "{name}");
    }
    assert_eq!(format_source(""), "");
}

#[test]
fn text_that_cannot_be_read_is_left_alone() {
    for text in ["a   = \"", "a   =   ;", "a = <<EOT\n"] {
        assert_eq!(format_source(text), text);
    }
}

fn fragment() -> impl Strategy<Value = String> {
    let pieces = [
        "a",
        "bb",
        "in",
        "for",
        "1",
        "-",
        "=",
        "==",
        "!",
        "? x :",
        "{",
        "}",
        "[",
        "]",
        "(",
        ")",
        ",",
        ".",
        "\n",
        " ",
        "  ",
        "\"s\"",
        "\"${a}\"",
        "# c\n",
        "// d\n",
        "/* e */",
        "\n<<EOT\n x\nEOT\n",
        "...",
        "=>",
        "é",
        "\r\n",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..40).prop_map(|p| p.concat())
}

proptest! {
    #[test]
    fn formatting_keeps_every_token_and_is_done_in_one_go(text in fragment()) {
        let once = format_source(&text);
        let plain = |t: &str| t.split_whitespace().collect::<String>();
        prop_assert_eq!(plain(&once), plain(&text));
        prop_assert_eq!(format_source(&once), once.clone());
    }

    #[test]
    fn any_text_can_be_formatted(text in "\\PC{0,60}") {
        format_source(&text);
    }
}
