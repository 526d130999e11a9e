use super::*;
use crate::state::testing::*;
use proptest::prelude::*;

fn header() -> Header {
    Header::new("j".into(), "lineage".into(), 3)
}

/// A journal of these batches.
fn text(batches: &[Vec<Record>]) -> String {
    let mut text = header_line(&header()).unwrap();
    let mut n = 0;
    for batch in batches {
        let from = n + 1;
        for record in batch {
            n += 1;
            text.push_str(&line(n, from, &record_members(record, &header().tied(&sealer())).unwrap()));
        }
    }
    text
}

fn records(journal: &Journal) -> Vec<Record> {
    journal.content.records.iter().map(|(_, r)| r.clone()).collect()
}

fn ended(at: &str) -> Record {
    Record::RunEnded { ok: true, at: at.into() }
}

proptest! {
    // Each case is a whole state or journal: a few show as much as many.
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_record_reads_back(all in prop::collection::vec(any_record(), 0..6)) {
        let journal = read(text(std::slice::from_ref(&all)).as_bytes(), &sealer()).unwrap();
        prop_assert_eq!(&journal.header, &header());
        prop_assert_eq!(journal.content.id.as_str(), "j");
        prop_assert_eq!(records(&journal), all);
    }

    #[test]
    fn a_cut_journal_gives_every_whole_line(
        all in prop::collection::vec(any_record(), 1..5),
        cut in any::<prop::sample::Index>(),
    ) {
        let text = text(&all.iter().cloned().map(|r| vec![r]).collect::<Vec<_>>());
        let head = header_line(&header()).unwrap().len();
        let cut = &text.as_bytes()[..head + cut.index(text.len() - head + 1)];
        let whole = cut.iter().filter(|b| **b == b'\n').count() - 1;
        let journal = read(cut, &sealer()).unwrap();
        prop_assert_eq!(records(&journal), &all[..whole]);
    }

    #[test]
    fn arbitrary_bytes_are_refused_without_a_crash(bytes in prop::collection::vec(any::<u8>(), 1..99)) {
        prop_assert!(read(&bytes, &sealer()).is_err());
    }
}

#[test]
fn a_line_is_json_with_checksum_number_and_record() {
    insta::assert_snapshot!(text(&[vec![ended("noon")]]), @r#"
    {"check":"f69e737b","n":0,"from":0,"record":{"floorplan_journal":3,"journal":"j","lineage":"lineage","serial":3}}
    {"check":"1a5a5217","n":1,"from":1,"record":{"run_ended":{"ok":true,"at":"noon"}}}
    "#);
}

#[test]
fn a_batch_that_was_torn_in_its_middle_is_dropped_from_there() {
    let text = text(&[vec![ended("1")], vec![ended("2"), ended("3"), ended("4")]]);
    let torn = text.replace("\"3\"", "\0\0\0");
    assert_eq!(records(&read(torn.as_bytes(), &sealer()).unwrap()), [ended("1"), ended("2")]);
}

#[test]
fn a_bad_line_before_a_later_batch_is_damage() {
    let text = text(&[vec![ended("1")], vec![ended("2")], vec![ended("3")]]);
    let error = read(text.replace("\"2\"", "\"x\"").as_bytes(), &sealer()).unwrap_err();
    assert_eq!(error.to_string(), "line 3 is damaged");
}

#[test]
fn a_line_that_is_missing_or_twice_is_damage() {
    let text = text(&[vec![ended("1")], vec![ended("2")], vec![ended("3")]]);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let missing = [lines[0], lines[1], lines[3]].concat();
    insta::assert_snapshot!(read(missing.as_bytes(), &sealer()).unwrap_err(), @"line 3: it is record 3, where 2 was expected");
    let twice = [lines[0], lines[1], lines[1]].concat();
    insta::assert_snapshot!(read(twice.as_bytes(), &sealer()).unwrap_err(), @"line 3: it is record 1, where 2 was expected");
}

#[test]
fn a_newer_format_is_refused_not_dropped() {
    let newer = line(0, 0, "\"record\":{\"floorplan_journal\":9,\"journal\":\"j\",\"lineage\":\"l\",\"serial\":1}");
    insta::assert_snapshot!(read(newer.as_bytes(), &sealer()).unwrap_err(), @"it is of format 9; this version reads 1 to 3");
    let unknown = header_line(&header()).unwrap() + &line(1, 1, "\"record\":{\"dreamt\":{}}");
    assert!(read(unknown.as_bytes(), &sealer()).unwrap_err().to_string().starts_with("line 2: unknown variant"));
}

#[test]
fn an_empty_file_is_no_journal() {
    assert!(read(b"", &sealer()).unwrap_err().to_string().starts_with("it is empty"));
}

#[test]
fn the_secrets_of_a_journal_open_in_no_other() {
    let attrs = crate::schema::Attrs::default().with("psk", crate::value::Value::string("hunter2").mark(true));
    let made = crate::objects::Instance { attrs, ..instance("vpn-1") };
    let recorded = Recorded { slot: Slot::current(at("aws_vpn_connection.a")), instance: Some(made) };
    let text = text(&[vec![Record::Recorded(Box::new(recorded))]]);
    assert!(read(text.as_bytes(), &sealer()).is_ok());
    let head = header_line(&header()).unwrap();
    for other in [Header { serial: 4, ..header() }, Header { journal: "k".into(), ..header() }] {
        let put_back = text.replace(&head, &header_line(&other).unwrap());
        assert!(matches!(read(put_back.as_bytes(), &sealer()), Err(DecodeError::Sealed(_))), "{other:?}");
    }
    let older = text.replace(&head, &header_line(&Header { floorplan_journal: 2, ..header() }).unwrap());
    assert!(read(older.as_bytes(), &sealer()).unwrap_err().to_string().contains("a later format"));
}
