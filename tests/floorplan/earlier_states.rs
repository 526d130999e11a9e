//! States and journals that earlier versions wrote (`states/`, of the layout beside them) are read, secrets included.
//!
//! They were sealed with the key below. `state-4.json` and `journal-3.jsonl` are what is written today: if what they hold
//! changes, the number of the format goes up, and the file stays as a state of the format before. `state-3.json` holds the
//! same as `state-3-lines.json` in more lines, as the first versions of its format wrote it. Those of today were made from
//! the earlier ones by another program, which has its own ciphers.

use floorplan::objects::State;
use floorplan::state::encode::{FORMAT, Written, from_text, to_text};
use floorplan::state::key::KeySource;
use floorplan::state::{Record, Sealer, lines};
use floorplan::value::{Kind, Type};
use serde_json::Value as Json;

const STATES: [&[u8]; 4] = [
    include_bytes!("states/state-1.json"),
    include_bytes!("states/state-2.json"),
    include_bytes!("states/state-3.json"),
    include_bytes!("states/state-4.json"),
];
const LINES: &[u8] = include_bytes!("states/state-3-lines.json");
const JOURNALS: [&[u8]; 3] = [
    include_bytes!("states/journal-1.jsonl"),
    include_bytes!("states/journal-2.jsonl"),
    include_bytes!("states/journal-3.jsonl"),
];
const PASSWORD: &str = "[ld>>nnT!J@WAf-HxVy{0e{k";

fn sealer() -> Sealer {
    Sealer::new(KeySource::Key(std::array::from_fn(|n| u8::try_from(n).expect("32 bytes"))))
}

fn state(text: &[u8]) -> State {
    from_text(text, &sealer()).unwrap_or_else(|why| panic!("{why:?}"))
}

#[test]
fn a_state_of_each_format_reads_as_the_same_objects() {
    let current = state(STATES[2]);
    for (at, text) in STATES.into_iter().enumerate() {
        let json: Json = serde_json::from_slice(text).expect("JSON");
        assert_eq!(json["floorplan_state"], at as u64 + 1);
        assert_eq!(state(text), current, "format {}", at + 1);
    }
    assert_eq!(state(LINES), current);
    assert_eq!(STATES.len() as u64, FORMAT, "each format has its state here");
}

#[test]
fn an_earlier_state_keeps_types_and_secrets() {
    let state = state(STATES[0]);
    assert_eq!(state.objects().count(), 6);
    let shapes = &state.outputs["shapes"].value;
    let part = |name: &str| shapes.get(name).unwrap_or_else(|| panic!("{name} in {shapes:?}"));
    assert!(shapes.is_sensitive());
    assert_eq!(part("list").ty(), Type::list(Type::String));
    assert_eq!(part("set").ty(), Type::set(Type::String));
    assert_eq!(part("map").ty(), Type::map(Type::Number));
    assert!(matches!(part("tuple").kind(), Kind::Tuple(all) if all.len() == 4));
    assert!(matches!(part("large").kind(), Kind::Number(n) if n.to_string() == "123456789012345678901234567890"));
    assert_eq!(part("object").get("$sealed").and_then(|v| v.as_str()), Some("no"));
    assert!(part("object").get("$$sealed").is_some());
    let password = &state.outputs["password"].value;
    assert!(password.is_sensitive());
    assert_eq!(password.as_str(), Some(PASSWORD));
    assert_eq!(part("secret").get("password").and_then(|v| v.as_str()), Some(PASSWORD));
}

#[test]
fn today_a_state_is_written_as_the_newest_of_them() {
    let json: Json = serde_json::from_slice(STATES[2]).expect("JSON");
    let written: Written = serde_json::from_value(json["written"].clone()).expect("who wrote it");
    for text in STATES {
        let again = to_text(&state(text), &written, &sealer()).expect("it can be written");
        assert_eq!(String::from_utf8_lossy(&again), String::from_utf8_lossy(STATES[3]));
    }
}

#[test]
fn a_journal_of_each_format_reads_as_the_same_records() {
    let read = |text| lines::read(text, &sealer()).unwrap_or_else(|why| panic!("{why}")).content.records;
    let [first, second, third] = JOURNALS.map(read);
    assert_eq!((&first, &second), (&second, &third));
    let made = third.iter().find_map(|(_, record)| match record {
        Record::Recorded(r) if &*r.slot.address.resource.type_name == "random_password" => r.instance.as_ref(),
        _ => None,
    });
    let result = made.and_then(|made| made.attrs.get("result")).expect("the password was recorded");
    assert!(result.is_sensitive() && result.as_str().is_some_and(|text| text.len() == 24));
}

#[test]
fn today_a_journal_is_written_as_the_newest_of_them() {
    let journal = lines::read(JOURNALS[2], &sealer()).unwrap_or_else(|why| panic!("{why}"));
    let sealer = sealer();
    let mut text = lines::header_line(&journal.header).expect("a line");
    for (n, record) in &journal.content.records {
        let members = lines::record_members(record, &journal.header.tied(&sealer)).expect("it can be written");
        text.push_str(&lines::line(*n, *n, &members));
    }
    assert_eq!(text, String::from_utf8_lossy(JOURNALS[2]));
}
