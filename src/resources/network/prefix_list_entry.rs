//! aws_ec2_managed_prefix_list_entry: one range of a list whose other entries are somebody else's.

use super::managed_prefix_list::{AwsEc2ManagedPrefixList, List, added, range, settled};
use crate::resources::prelude::*;
use aws_sdk_ec2::types::RemovePrefixListEntry;

/// The resource type `aws_ec2_managed_prefix_list_entry`.
pub struct AwsEc2ManagedPrefixListEntry;

/// One entry of one list.
pub struct Entry {
    list: String,
    cidr: String,
    text: String,
}

static KEY: Composite = Composite::new(&["prefix_list_id", "cidr"], ",").spelled(range);

/// How often a change is offered to a list that others change meanwhile.
const TRIES: usize = 10;

/// Makes a change of the entries on the version that the list has then, until nobody came between.
async fn change<F>(aws: &Aws, list: &str, call: impl Fn(i64) -> F) -> Result<()>
where
    F: Future<Output = Result<()>>,
{
    for _ in 0..TRIES {
        match call(settled(aws, list).await?).await {
            Err(e) if e.is("PrefixListVersionMismatch") || e.is("IncorrectState") => {}
            answer => return answer,
        }
    }
    call(settled(aws, list).await?).await
}

async fn put(aws: &Aws, want: &Attrs) -> Result<()> {
    let list = want.str("prefix_list_id").unwrap_or_default();
    let entry = (want.string("cidr").unwrap_or_default(), want.string("description").unwrap_or_default());
    change(aws, list, |version| {
        let call = aws.write.ec2.modify_managed_prefix_list().prefix_list_id(list).current_version(version);
        let call = call.add_entries(added(entry.clone()));
        async { done(call.send().await) }
    })
    .await
}

impl Resource for AwsEc2ManagedPrefixListEntry {
    type Live = Entry;

    fn spec() -> Spec<Entry> {
        let fixed = |name| A::string(name).required().force_new();
        let rows = vec![
            fixed("cidr").normal(Normal::Cidr).read(|e: &Entry| (&e.cidr).into()),
            fixed("prefix_list_id").read(|e| (&e.list).into()),
            A::string("description").force_new().default("").read(|e| (&e.text).into()),
        ];
        Spec::composite("aws_ec2_managed_prefix_list_entry", &KEY, rows)
            .role(Role::FilterRule(role::FilterRule { filter: None, unjudged: Unjudged::All("rules") }))
    }

    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Entry>> {
        let lists = which.parts(&KEY, "prefix_list_id");
        let found = AwsEc2ManagedPrefixList::describe(aws, Which::Ids(&lists)).await?;
        let of_list = |list: &List| {
            let entry = |(cidr, text): (&String, &String)| Entry {
                list: list.id().unwrap_or_default().to_owned(),
                cidr: cidr.clone(),
                text: text.clone(),
            };
            list.entries().iter().map(entry).collect::<Vec<_>>()
        };
        Ok(found.iter().flat_map(of_list).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        put(aws, want).await?;
        made(KEY.id(want).as_deref())
    }

    async fn delete(aws: &Aws, id: &str, last: &Attrs) -> Result<()> {
        let list = last.str("prefix_list_id").unwrap_or_default();
        let cidr = range(last.str("cidr").unwrap_or_default());
        let key = [id.to_owned()];
        if Self::describe(aws, Which::Ids(&key)).await?.iter().all(|e| e.cidr != cidr) {
            return Ok(());
        }
        let gone = RemovePrefixListEntry::builder().cidr(cidr).build();
        change(aws, list, |version| {
            let call = aws.write.ec2.modify_managed_prefix_list().prefix_list_id(list).current_version(version);
            let call = call.remove_entries(gone.clone());
            async { done(call.send().await) }
        })
        .await
    }
}
