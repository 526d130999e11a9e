use super::*;
use crate::state::service::DataKey;
use crate::state::testing::Keeper;
use proptest::prelude::*;

fn sealer(byte: u8) -> Sealer {
    Sealer::new(KeySource::Key([byte; KEY_LENGTH]))
}

fn seal(sealer: &Sealer, plain: &[u8]) -> String {
    sealer.tied("state", "6f1c").seal(plain).unwrap()
}

fn unseal(sealer: &Sealer, sealed: &str) -> Result<Vec<u8>, Locked> {
    sealer.tied("state", "6f1c").unseal(sealed)
}

proptest! {
    #[test]
    fn what_is_sealed_unseals_to_itself(plain in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert_eq!(unseal(&sealer(1), &seal(&sealer(1), &plain)).unwrap(), plain);
    }

    #[test]
    fn a_changed_byte_is_noticed(plain in "[a-z]{1,40}", at in any::<prop::sample::Index>()) {
        let sealed = seal(&sealer(1), plain.as_bytes());
        let mut bytes = sealed.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(bytes).unwrap();
        prop_assume!(changed != sealed);
        prop_assert!(unseal(&sealer(1), &changed).is_err());
    }

    #[test]
    fn arbitrary_text_is_refused_without_a_crash(text in ".*") {
        prop_assert!(unseal(&sealer(1), &text).is_err());
    }

    #[test]
    fn a_text_opens_only_in_the_place_that_it_is_tied_to(
        plain in "[a-z]{0,20}",
        here in ("[a-z ]{0,6}", "[a-f0-9-]{0,6}"),
        there in ("[a-z ]{0,6}", "[a-f0-9-]{0,6}"),
    ) {
        let sealer = sealer(1);
        let sealed = sealer.tied(&*here.0, &here.1).seal(plain.as_bytes()).unwrap();
        let opened = sealer.tied(&*there.0, &there.1).open(&sealed).unwrap();
        prop_assert_eq!(opened.is_some(), here == there);
        let again = sealer.tied(&*there.0, &there.1).seal(plain.as_bytes()).unwrap();
        prop_assert_eq!(name_of(&again).unwrap() == name_of(&sealed).unwrap(), here == there, "no nonce is used twice");
    }
}

#[test]
fn equal_values_are_sealed_equally_and_others_not() {
    let s = sealer(1);
    assert_eq!(seal(&s, b"a"), seal(&s, b"a"));
    assert_ne!(seal(&s, b"a"), seal(&s, b"b"));
}

#[test]
fn another_key_is_named_in_the_error() {
    let locked = unseal(&sealer(2), &seal(&sealer(1), b"secret")).unwrap_err();
    insta::assert_snapshot!(locked.why, @"a value is sealed with the key d03f7301, but the key from FLOORPLAN_KEY is 4efacd77");
    assert!(locked.cure.starts_with("Set FLOORPLAN_KEY"), "{}", locked.cure);
}

#[test]
fn a_passphrase_seals_with_a_salt_and_unseals_elsewhere() {
    let here = Sealer::new(KeySource::Passphrase("correct horse battery staple".into()));
    let there = Sealer::new(KeySource::Passphrase("correct horse battery staple".into()));
    let sealed = seal(&here, b"secret");
    assert_eq!(unseal(&there, &sealed).unwrap(), b"secret");
    assert_eq!(seal(&there, b"secret"), sealed);
    let wrong = Sealer::new(KeySource::Passphrase("incorrect horse battery staple".into()));
    assert!(unseal(&wrong, &sealed).unwrap_err().why.contains("FLOORPLAN_KEY"));
}

/// A sealer that seals with the key `kms` of the service, on a machine whose user has the key `byte`.
fn served(keeper: &Arc<Keeper>, byte: u8) -> Sealer {
    sealer(byte).served(keeper.clone(), Some("arn:kms".into()))
}

#[test]
fn a_service_gives_a_state_one_data_key_that_others_open() {
    let keeper = Arc::new(Keeper::default());
    let here = served(&keeper, 1);
    let texts = [b"a", b"b"].map(|plain| seal(&here, plain));
    assert_eq!(keeper.calls(), ["make arn:kms 6f1c"]);
    assert!(texts.iter().all(|text| text.split('.').nth(2).is_some_and(|from| from.starts_with("arn:kms|"))));
    let there = served(&keeper, 2);
    assert_eq!(texts.each_ref().map(|text| unseal(&there, text).unwrap()), [b"a", b"b"].map(|plain| plain.to_vec()));
    assert_eq!(seal(&there, b"a"), texts[0], "the state keeps the data key that it has");
    assert_eq!(keeper.calls(), ["make arn:kms 6f1c", "open arn:kms 6f1c"]);
    let reader = sealer(3).served(keeper.clone(), None);
    assert_eq!(unseal(&reader, &texts[0]).unwrap(), b"a", "to read, the layout need not name the key");
    assert!(!seal(&reader, b"a").contains("arn:kms"), "without the key, the user's seals again");
}

#[test]
fn a_data_key_opens_for_its_lineage_alone() {
    let keeper = Arc::new(Keeper::default());
    let sealed = seal(&served(&keeper, 1), b"a");
    let other = served(&keeper, 1);
    assert!(other.tied("state", "7a2d").unseal(&sealed).unwrap_err().why.contains("another lineage"));
    assert!(other.tied("state", "7a2d").unseal(&sealed).is_err());
    assert_eq!(keeper.calls().len(), 2, "a key that does not open is asked for once");
    other.tied("state", "7a2d").seal(b"a").unwrap();
    assert_eq!(keeper.calls()[2], "make arn:kms 7a2d");
}

#[test]
fn what_a_passphrase_sealed_is_sealed_by_the_service_next() {
    let keeper = Arc::new(Keeper::default());
    let old = seal(&sealer(1), b"a");
    let both = served(&keeper, 1);
    assert_eq!(unseal(&both, &old).unwrap(), b"a");
    let new = seal(&both, b"a");
    assert_eq!(unseal(&served(&keeper, 2), &new).unwrap(), b"a");
    let locked = unseal(&served(&keeper, 2), &old).unwrap_err();
    insta::assert_snapshot!(locked.cure, @"Set FLOORPLAN_KEY to the key that it was sealed with until the state is written again, which seals it with arn:kms.");
}

#[test]
fn a_key_is_known_by_its_id_and_an_alias_may_mean_any() {
    let arn = "arn:aws:kms:eu-west-1:123456789012:key/1234-ab";
    assert!(is_named(arn, arn) && is_named(arn, "1234-ab") && is_named(arn, "alias/state"));
    assert!(!is_named(arn, "ab") && !is_named(arn, "arn:aws:kms:us-east-1:123456789012:key/1234-ab"));
}

#[test]
fn a_key_is_in_no_message() {
    let made = DataKey { plain: [7; KEY_LENGTH], by: "arn:kms".into(), sealed: vec![1] };
    assert_eq!(format!("{made:?} {:?}", sealer(7)), "DataKey(arn:kms) Sealer(FLOORPLAN_KEY)");
}
