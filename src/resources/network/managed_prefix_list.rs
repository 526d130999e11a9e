//! aws_ec2_managed_prefix_list: address ranges under one name. Each change of entries makes a new
//! version, takes time, and is refused while another is under way.

use crate::resources::block::Long;
use crate::resources::prelude::*;
use aws_sdk_ec2::operation::create_managed_prefix_list::builders::CreateManagedPrefixListFluentBuilder as Create;
use aws_sdk_ec2::operation::modify_managed_prefix_list::builders::ModifyManagedPrefixListFluentBuilder as Modify;
use aws_sdk_ec2::types::{
    AddPrefixListEntry, Filter, ManagedPrefixList, PrefixListEntry, PrefixListState, RemovePrefixListEntry,
    ResourceType,
};
use futures::future::try_join_all;
use std::collections::BTreeMap;

/// A list as listed, with its entries.
pub struct List {
    list: ManagedPrefixList,
    entries: Entries,
}

held!(List: list as ManagedPrefixList);

impl List {
    /// The id of the list.
    pub fn id(&self) -> Option<&str> {
        self.list.prefix_list_id()
    }

    /// Its ranges, with what is said of each.
    pub fn entries(&self) -> &Entries {
        &self.entries
    }
}

table! {
    Rows: ManagedPrefixList, create Create, modify Modify {
        address_family: Text [.required().force_new().check(|v| checks::one_of(v, &["IPv4", "IPv6"]))];
        max_entries: Int, read, create, modify [.required()];
        name = prefix_list_name: Text, read, create, modify [.required().check(name)];
        arn = prefix_list_arn: Text, read [.computed()];
        owner_id: Text, read [.computed()];
        version: Long, read [.computed().follows(&["entry", "max_entries", "name"])];
    }
}

table! {
    Beside: List {
        entry: BlockSet<Entry>, none
            [.optional_computed().normal(Normal::With(|a, b| expand(a) == expand(b))).read(|l| collapse(&l.held().entries))];
    }
}

block! {
    Entry: PrefixListEntry => AddPrefixListEntry {
        cidr: Text [.required().normal(Normal::Cidr)];
        description: Text [.default("")];
    }
}

/// Range to description.
pub type Entries = BTreeMap<String, String>;

/// The resource type `aws_ec2_managed_prefix_list`.
pub struct AwsEc2ManagedPrefixList;

/// How many entries one call takes (EC2 API: ModifyManagedPrefixList).
const ENTRIES_PER_CALL: usize = 100;
/// How long a change of a list is waited for, in seconds.
const CHANGED_WITHIN: u32 = 300;

fn entry_type() -> Type {
    Type::object([("cidr", Type::String), ("description", Type::String)])
}

/// A range in the spelling of AWS.
pub fn range(text: &str) -> String {
    text.parse::<ipnet::IpNet>().map_or_else(|_| text.to_owned(), |net| net.to_string())
}

fn expand(blocks: &Value) -> Entries {
    let each = |block: &Value| {
        let block = Attrs::from_value(block);
        Some((range(block.str("cidr")?), block.string("description").unwrap_or_default()))
    };
    blocks.as_elements().unwrap_or(&[]).iter().filter_map(each).collect()
}

fn collapse(entries: &Entries) -> Value {
    let block = |(cidr, text): (&String, &String)| {
        Value::object([("cidr", Value::from(cidr)), ("description", Value::from(text))])
    };
    Value::set(entry_type(), entries.iter().map(block).collect())
}

fn check(attrs: &Attrs) -> Vec<(&'static str, String)> {
    let mut all = Vec::new();
    let blocks = attrs.elements("entry");
    if let Some(max) = attrs.int("max_entries").and_then(|n| usize::try_from(n).ok()).filter(|n| *n < blocks.len()) {
        all.push(("max_entries", format!("{max} is less than the {} entries", blocks.len())));
    }
    let family = attrs.str("address_family");
    let mut seen = BTreeMap::new();
    for text in blocks.iter().filter_map(|b| b.get("cidr")).filter_map(Value::as_str) {
        match text.parse::<ipnet::IpNet>() {
            Err(_) => all
                .push(("entry", format!("{text:?} is not a valid address range; expected a form such as 10.0.0.0/16"))),
            Ok(net) if net.trunc() != net => {
                all.push(("entry", format!("{text:?} has bits set beyond its prefix; expected {}", net.trunc())))
            }
            Ok(net) => {
                let own = if matches!(net, ipnet::IpNet::V4(_)) { "IPv4" } else { "IPv6" };
                if let Some(family) = family.filter(|family| *family != own) {
                    all.push(("entry", format!("{text} is an {own} range in an {family} list")));
                }
                if seen.insert(net, ()).is_some() {
                    all.push(("entry", format!("{text} is given more than once; a list takes each range once")));
                }
            }
        }
    }
    all
}

fn name(value: &Value) -> Result<(), String> {
    checks::text(
        value,
        |text| !text.starts_with("com.amazonaws"),
        "begins with com.amazonaws, which AWS keeps for itself",
    )
}

fn progress(l: &List) -> Progress {
    use PrefixListState as S;
    let words = || format!("{}: {}", l.list.state().map_or("", S::as_str), l.list.state_message().unwrap_or_default());
    match l.list.state() {
        Some(S::CreateComplete | S::ModifyComplete | S::RestoreComplete) | None => Progress::Ready,
        Some(S::ModifyFailed | S::RestoreFailed) => Progress::Ready,
        Some(S::DeleteComplete) => Progress::Gone,
        Some(S::CreateFailed | S::DeleteFailed) => Progress::Failed(words()),
        Some(other) => Progress::Pending(other.as_str().into()),
    }
}

/// The lists that filters find.
pub async fn listed(aws: &Aws, batches: Vec<Vec<Filter>>) -> Result<Vec<ManagedPrefixList>> {
    listed!(aws, describe_managed_prefix_lists, batches).await
}

/// The entries of one list; EC2 has no call for those of several.
async fn entries(aws: &Aws, list: ManagedPrefixList) -> Result<List> {
    let id = list.prefix_list_id().unwrap_or_default().to_owned();
    let mut pages = aws.read.ec2.get_managed_prefix_list_entries().prefix_list_id(id).into_paginator().items().send();
    let mut entries = Entries::new();
    while let Some(entry) = pages.next().await {
        let entry = entry?;
        let text = entry.description().unwrap_or_default().to_owned();
        entries.insert(range(entry.cidr().unwrap_or_default()), text);
    }
    Ok(List { list, entries })
}

/// The version of a list once no change of it is under way.
pub async fn settled(aws: &Aws, id: &str) -> Result<i64> {
    use PrefixListState as S;
    let what = format!("a change of {id} that is under way");
    let list = settle::seen_within::<AwsEc2ManagedPrefixList>(CHANGED_WITHIN, aws, id, &what, |now| {
        let state = now.and_then(|l| l.list.state());
        !matches!(state, Some(S::CreateInProgress | S::ModifyInProgress | S::RestoreInProgress))
    });
    let list = list.await?.ok_or_else(|| Error::not_found(format!("{id} is gone")))?.list;
    if let Some(S::ModifyFailed | S::RestoreFailed) = list.state() {
        let words = list.state_message().unwrap_or("no reason given");
        return Err(Error::new(Kind::Refused, format!("the change of {id} failed: {words}")));
    }
    Ok(list.version().unwrap_or(1))
}

/// The calls that lead from some entries to others: in each, what is taken away and what is added.
/// EC2 refuses one range in both, so a new description takes its entry away first.
fn steps(before: &Entries, after: &Entries) -> Vec<(Vec<String>, Vec<(String, String)>)> {
    let redescribed = |(cidr, text): &(&String, &String)| before.get(*cidr).is_some_and(|old| old != *text);
    let again: Vec<(String, String)> = after.iter().filter(redescribed).map(|(c, t)| (c.clone(), t.clone())).collect();
    let gone = before.keys().filter(|c| !after.contains_key(*c)).cloned();
    let new = after.iter().filter(|(c, _)| !before.contains_key(*c)).map(|(c, t)| (c.clone(), t.clone()));
    let (mut gone, mut new): (Vec<_>, Vec<_>) = (gone.collect(), new.collect());
    let mut steps = Vec::new();
    while !gone.is_empty() || !new.is_empty() {
        let out = gone.drain(..gone.len().min(ENTRIES_PER_CALL)).collect();
        let into = new.drain(..new.len().min(ENTRIES_PER_CALL)).collect();
        steps.push((out, into));
    }
    for part in again.chunks(ENTRIES_PER_CALL) {
        steps.push((part.iter().map(|(cidr, _)| cidr.clone()).collect(), Vec::new()));
        steps.push((Vec::new(), part.to_vec()));
    }
    steps
}

/// An entry that is added.
pub fn added((cidr, text): (String, String)) -> AddPrefixListEntry {
    AddPrefixListEntry::builder().cidr(cidr).set_description((!text.is_empty()).then_some(text)).build()
}

impl Resource for AwsEc2ManagedPrefixList {
    type Live = List;

    fn spec() -> Spec<List> {
        let rows = Rows::rows().into_iter().chain(Beside::rows()).collect();
        Spec::new("aws_ec2_managed_prefix_list", |l: &List| l.list.prefix_list_id().map(Into::into), rows)
            .role(Role::Settings(Unjudged::Of("rules", &["entry"])))
            .tags(|l| tags::read(l.list.tags()))
            .recover(Recover::ClientToken)
            .progress(progress)
            .wait_for_deletion()
            .check(check)
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<List>> {
        let found = listed(aws, tags::filters(which, "prefix-list-id", &[("prefix-list-name", "name")])).await?;
        try_join_all(found.into_iter().map(|list| entries(aws, list))).await
    }

    async fn create(aws: &Aws, want: &Attrs, token: &Token) -> Result<String> {
        let first = expand(&Value::list(Type::Dynamic, want.elements("entry").to_vec()));
        let first = first.into_iter().take(ENTRIES_PER_CALL).map(added).collect();
        let call = Rows::create(aws.write.ec2.create_managed_prefix_list(), want).set_entries(Some(first));
        let tags = tags::at_creation(ResourceType::PrefixList, want, token);
        let answer = call.client_token(&token.0).tag_specifications(tags).send().await?;
        made(answer.prefix_list().and_then(ManagedPrefixList::prefix_list_id))
    }

    async fn update(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        let modify = || aws.write.ec2.modify_managed_prefix_list().prefix_list_id(id);
        let grows = change.after.int("max_entries") >= change.before.int("max_entries");
        // Entries need room: more of it before they come, less after they went.
        let mut late = change.split(["max_entries"].into_iter().filter(|_| !grows));
        for call in Rows::modify_each(modify, change) {
            settled(aws, id).await?;
            call.send().await?;
        }
        if let Some(after) = change.take("entry") {
            let before = change.before.get("entry").map(expand).unwrap_or_default();
            for (gone, new) in steps(&before, &expand(after)) {
                let version = settled(aws, id).await?;
                let remove = |cidr| RemovePrefixListEntry::builder().cidr(cidr).build();
                modify()
                    .current_version(version)
                    .set_remove_entries(some(gone.into_iter().map(remove).collect()))
                    .set_add_entries(some(new.into_iter().map(added).collect()))
                    .send()
                    .await?;
            }
        }
        if let Some(call) = Rows::modify(modify(), &mut late) {
            settled(aws, id).await?;
            call.send().await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        Ok(aws.write.ec2.delete_managed_prefix_list().prefix_list_id(id).send().await.map(drop)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(each: &[(&str, &str)]) -> Entries {
        each.iter().map(|(c, t)| ((*c).to_owned(), (*t).to_owned())).collect()
    }

    #[test]
    fn no_range_is_added_and_taken_away_in_one_call() {
        let before = entries(&[("10.0.0.0/24", "a"), ("10.0.1.0/24", "b"), ("10.0.2.0/24", "c")]);
        let after = entries(&[("10.0.0.0/24", "a"), ("10.0.1.0/24", "new"), ("10.0.3.0/24", "d")]);
        let pair = |c: &str, t: &str| (c.to_owned(), t.to_owned());
        assert_eq!(
            steps(&before, &after),
            [
                (vec!["10.0.2.0/24".to_owned()], vec![pair("10.0.3.0/24", "d")]),
                (vec!["10.0.1.0/24".to_owned()], vec![]),
                (vec![], vec![pair("10.0.1.0/24", "new")]),
            ]
        );
        assert_eq!(steps(&after, &after), []);
    }

    #[test]
    fn more_entries_than_a_call_takes_go_in_several() {
        let many: Entries = (0..250).map(|n| (format!("10.0.{n}.0/24"), String::new())).collect();
        let sizes: Vec<usize> = steps(&Entries::new(), &many).iter().map(|(_, new)| new.len()).collect();
        assert_eq!(sizes, [100, 100, 50]);
    }

    #[test]
    fn a_list_says_what_does_not_fit() {
        let entry = |cidr: &str| Value::object([("cidr", Value::from(cidr))]);
        let list = |each: &[&str]| {
            Attrs::default()
                .with("address_family", "IPv4")
                .with("max_entries", 2)
                .with("entry", Value::list(Type::Dynamic, each.iter().map(|c| entry(c)).collect()))
        };
        let said = |each: &[&str]| check(&list(each)).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(said(&["10.0.0.0/8"]), [""; 0]);
        assert_eq!(said(&["10.0.0.1/8"]), ["\"10.0.0.1/8\" has bits set beyond its prefix; expected 10.0.0.0/8"]);
        assert_eq!(said(&["::/0"]), ["::/0 is an IPv6 range in an IPv4 list"]);
        assert_eq!(
            said(&["10.0.0.0/8", "10.0.0.0/8", "x"]),
            [
                "2 is less than the 3 entries",
                "10.0.0.0/8 is given more than once; a list takes each range once",
                "\"x\" is not a valid address range; expected a form such as 10.0.0.0/16"
            ]
        );
    }
}
