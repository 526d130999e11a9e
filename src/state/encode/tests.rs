use super::*;
use crate::objects::{Instance, OutputValue, Slot};
use crate::schema::Attrs;
use crate::state::testing::*;
use crate::value::{Type, Value};
use proptest::prelude::*;

fn written() -> Written {
    Written { command: "apply".into(), at: "2026-01-02T03:04:05Z".into() }
}

fn text(state: &State) -> Vec<u8> {
    to_text(state, &written(), &sealer()).unwrap()
}

fn example() -> State {
    let mut state = State { serial: 7, ..State::new("acme", "6f1c") };
    let tags = Value::map(Type::String, [("Name".into(), "main".into())].into());
    let vpc = Instance { attrs: instance("vpc-1").attrs.with("tags", tags.clone()), ..instance("vpc-1") };
    state.set(Slot::current(at("aws_vpc.main")), Some(vpc));
    let subnet = Instance { depends_on: vec![at("aws_vpc.main")], tainted: true, ..instance("subnet-1") };
    state.set(Slot::current(at("aws_subnet.a[10]")), Some(subnet.clone()));
    state.set(Slot::current(at("aws_subnet.a[9]")), Some(subnet));
    state.set(Slot::deposed(at("aws_vpc.main"), "0a1b"), Some(instance("vpc-0")));
    state.outputs.insert("id".into(), OutputValue { value: Value::string("vpc-1") });
    state
}

proptest! {
    // Each case is a whole state or journal: a few show as much as many.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_state_reads_back_and_is_written_the_same_again(state in any_state()) {
        let first = text(&state);
        let read = from_text(&first, &sealer()).unwrap();
        prop_assert_eq!(&read, &state);
        prop_assert_eq!(text(&read), first);
    }

    #[test]
    fn a_state_with_secrets_is_read_as_it_was_sealed_alone(state in any_state(), serial in 1u64..9, other in 1u64..9) {
        let mut state = State { serial, lineage: "6f1c".into(), ..state };
        state.outputs.insert("psk".into(), OutputValue { value: Value::string("hunter2").mark(true) });
        let sealed = String::from_utf8(text(&state)).unwrap();
        prop_assert_eq!(from_text(sealed.as_bytes(), &sealer()), Ok(state));
        let put_back = rechecked(&sealed, &format!("\"serial\": {serial},"), &format!("\"serial\": {other},"));
        let found = from_text(&put_back, &sealer());
        prop_assert_eq!(found.is_ok(), serial == other);
        prop_assert!(serial == other || matches!(&found, Err(Unreadable::Unproven(why)) if why.contains("was sealed as serial")));
    }

    #[test]
    fn a_state_cut_anywhere_is_refused(cut in any::<prop::sample::Index>()) {
        let whole = text(&example());
        let cut = &whole[..cut.index(whole.len() - 2)];
        prop_assert_eq!(from_text(cut, &sealer()), Err(Unreadable::CutShort));
    }
}

#[test]
fn the_file_is_ordered_by_address_and_tells_each_type_once() {
    insta::assert_snapshot!(String::from_utf8(without_check(&text(&example()))).unwrap(), @r#"
    {
      "floorplan_state": 4,
      "layout": "acme",
      "lineage": "6f1c",
      "serial": 7,
      "written": {
        "command": "apply",
        "at": "2026-01-02T03:04:05Z"
      },
      "outputs": {
        "id": {
          "value": "vpc-1",
          "type": "string"
        }
      },
      "types": {
        "aws_vpc": {
          "tags": ["map","string"]
        }
      },
      "resources": [
        {
          "address": "aws_subnet.a[9]",
          "id": "subnet-1",
          "provider": "aws",
          "region": "eu-west-1",
          "account": "123456789012",
          "tainted": true,
          "attributes": {
            "id": "subnet-1"
          },
          "depends_on": [
            "aws_vpc.main"
          ]
        },
        {
          "address": "aws_subnet.a[10]",
          "id": "subnet-1",
          "provider": "aws",
          "region": "eu-west-1",
          "account": "123456789012",
          "tainted": true,
          "attributes": {
            "id": "subnet-1"
          },
          "depends_on": [
            "aws_vpc.main"
          ]
        },
        {
          "address": "aws_vpc.main",
          "id": "vpc-1",
          "provider": "aws",
          "region": "eu-west-1",
          "account": "123456789012",
          "attributes": {
            "id": "vpc-1",
            "tags": {
              "Name": "main"
            }
          }
        },
        {
          "address": "aws_vpc.main",
          "deposed": "0a1b",
          "id": "vpc-0",
          "provider": "aws",
          "region": "eu-west-1",
          "account": "123456789012",
          "attributes": {
            "id": "vpc-0"
          }
        }
      ]
    }
    "#);
}

#[test]
fn attributes_that_are_not_known_are_left_out() {
    let attrs = Attrs::default().with("id", "vpc-1").with("arn", Value::unknown(Type::String));
    let mut state = State::new("acme", "6f1c");
    state.set(Slot::current(at("aws_vpc.a")), Some(Instance { attrs, ..instance("vpc-1") }));
    let read = from_text(&text(&state), &sealer()).unwrap();
    assert_eq!(read.resources[&at("aws_vpc.a")].attrs, Attrs::default().with("id", "vpc-1"));
}

#[test]
fn a_sensitive_value_is_not_in_the_file_and_comes_back_marked() {
    let mut state = example();
    state.outputs.insert("psk".into(), OutputValue { value: Value::string("hunter2").mark(true) });
    let file = text(&state);
    assert!(!String::from_utf8_lossy(&file).contains("hunter2"));
    let json: serde_json::Value = serde_json::from_slice(&file).unwrap();
    let secrets = json["secrets"].as_object().unwrap();
    let name = json["outputs"]["psk"]["value"]["$sealed"].as_str().unwrap();
    assert_eq!(secrets.keys().collect::<Vec<_>>(), [name], "apart from the attributes, which refer to it");
    let read = from_text(&file, &sealer()).unwrap();
    assert!(read.outputs["psk"].value.is_sensitive());
    let other = crate::state::Sealer::new(crate::state::key::KeySource::Key([9; 32]));
    assert!(
        matches!(from_text(&file, &other), Err(Unreadable::Sealed(locked)) if locked.why.contains("FLOORPLAN_KEY"))
    );
}

#[test]
fn a_state_whose_secrets_are_lost_is_refused() {
    let mut state = example();
    state.outputs.insert("psk".into(), OutputValue { value: Value::string("hunter2").mark(true) });
    let mut json: serde_json::Value = serde_json::from_slice(&text(&state)).unwrap();
    json["secrets"] = serde_json::json!({});
    json.as_object_mut().unwrap().remove("check");
    let error = from_text(&with_check(&serde_json::to_vec_pretty(&json).unwrap()), &sealer()).unwrap_err();
    assert!(
        matches!(&error, Unreadable::Damaged(why) if why.starts_with("output psk: it refers to the secret ")),
        "{error:?}"
    );
}

#[test]
fn what_is_not_a_state_of_this_format_says_what_it_is() {
    let newer =
        String::from_utf8(text(&example())).unwrap().replace("\"floorplan_state\": 4", "\"floorplan_state\": 5");
    assert_eq!(from_text(newer.as_bytes(), &sealer()), Err(Unreadable::Newer(5)));
    assert_eq!(from_text(br#"{"floorplan_state": 5, "dreams": []}"#, &sealer()), Err(Unreadable::Newer(5)));
    assert_eq!(from_text(br#"{"version": 4, "terraform_version": "1.11.0"}"#, &sealer()), Err(Unreadable::Terraform));
    assert!(matches!(from_text(b"{} x", &sealer()), Err(Unreadable::Damaged(_))));
    assert!(matches!(from_text(b"\xff\xfe", &sealer()), Err(Unreadable::Damaged(_))));
    let twice = String::from_utf8(without_check(&text(&example()))).unwrap().replace("a[9]", "a[10]");
    assert_eq!(
        from_text(&with_check(twice.as_bytes()), &sealer()),
        Err(Unreadable::Damaged("aws_subnet.a[10] is in it twice".into()))
    );
}

#[test]
fn the_head_is_read_without_a_key() {
    let head = head(&text(&example())).unwrap();
    assert_eq!((head.serial, head.resources, head.outputs, head.written), (7, 4, 1, written()));
}

/// The file without the line of its checksum.
fn without_check(text: &[u8]) -> Vec<u8> {
    let lines = text.split_inclusive(|b| *b == b'\n').enumerate();
    lines.filter(|(at, _)| *at != 1).flat_map(|(_, line)| line.to_vec()).collect()
}

#[test]
fn a_flipped_bit_anywhere_in_the_file_is_found() {
    let whole = text(&example());
    assert_eq!(from_text(&whole, &sealer()), Ok(example()));
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 7);
        assert!(from_text(&flipped, &sealer()).is_err(), "byte {at}: {:?}", char::from(whole[at]));
    }
}

#[test]
fn edits_by_hand_are_found_with_or_without_checksum() {
    let whole = String::from_utf8(text(&example())).unwrap();
    for (from, to) in [("\"serial\": 7", "\"serial\": 8"), ("a[9]", "a[8]"), ("  \"lineage\"", "\"lineage\"")] {
        let edited = whole.replacen(from, to, 1);
        assert_ne!(edited, whole, "{from}");
        assert_eq!(from_text(edited.as_bytes(), &sealer()), Err(Unreadable::Changed), "{from}");
        assert_eq!(from_text(&without_check(edited.as_bytes()), &sealer()), Err(Unreadable::Changed), "{from}");
    }
    let respelt = serde_json::to_string(&serde_json::from_str::<serde_json::Value>(&whole).unwrap()).unwrap();
    assert_eq!(from_text(respelt.as_bytes(), &sealer()), Err(Unreadable::Changed));
    assert_eq!(from_text(whole.replace('\n', "\r\n").as_bytes(), &sealer()), Ok(example()), "line ends do not count");
}

#[test]
fn a_state_of_format_2_which_had_no_checksum_is_read() {
    let old = String::from_utf8(without_check(&text(&example()))).unwrap();
    let old = old.replace("\"floorplan_state\": 4", "\"floorplan_state\": 2");
    assert_eq!(from_text(old.as_bytes(), &sealer()), Ok(example()));
}

/// The file with an edit in it, and a checksum that fits.
fn rechecked(file: &str, from: &str, to: &str) -> Vec<u8> {
    assert!(file.contains(from), "{from}");
    with_check(&without_check(file.replacen(from, to, 1).as_bytes()))
}

#[test]
fn an_edit_with_a_fitting_checksum_is_found_by_the_proof() {
    let mut state = example();
    state.outputs.insert("psk".into(), OutputValue { value: Value::string("hunter2").mark(true) });
    let file = String::from_utf8(text(&state)).unwrap();
    let proof = file.lines().nth(2).unwrap();
    assert!(proof.starts_with("  \"proof\": \"v2."), "{proof}");
    let whole = format!("{proof}\n");
    let edits = [
        ("\"serial\": 7", "\"serial\": 8"),
        ("\"lineage\": \"6f1c\"", "\"lineage\": \"7a2d\""),
        ("\"floorplan_state\": 4", "\"floorplan_state\": 3"),
        ("vpc-1", "vpc-9"),
        (&whole, ""),
    ];
    for (from, to) in edits {
        let found = from_text(&rechecked(&file, from, to), &sealer());
        assert!(matches!(found, Err(Unreadable::Unproven(_))), "{from}: {found:?}");
    }
    assert_eq!(from_text(file.replace('\n', "\r\n").as_bytes(), &sealer()), Ok(state), "line ends do not count");
}
