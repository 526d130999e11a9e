//! aws_lb_listener_certificate: one more certificate of a listener, for clients that name its host.

use super::shared::PAGES;
use crate::aws::api::member_text;
use crate::aws::api::services::ELB_V2;
use crate::resources::prelude::*;
use crate::resources::spec;
use serde_json::{Value as Json, json};
use std::collections::BTreeSet;

type A = spec::A<Pair>;

/// The resource type `aws_lb_listener_certificate`.
pub struct AwsLbListenerCertificate;

/// A listener and one of its certificates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    listener: String,
    certificate: String,
}

impl Pair {
    /// The id that Terraform gives it.
    fn id(&self) -> String {
        format!("{}_{}", self.listener, self.certificate)
    }

    /// Both parts are ARNs.
    fn parse(id: &str) -> Option<Self> {
        let at = id.find("_arn:")?;
        Some(Pair { listener: id[..at].to_owned(), certificate: id[at + 1..].to_owned() })
    }

    fn of(want: &Attrs) -> Option<Self> {
        Some(Pair { listener: want.string("listener_arn")?, certificate: want.string("certificate_arn")? })
    }

    fn named(id: &str) -> Result<Self> {
        Pair::parse(id).ok_or_else(|| Error::not_found(format!("{id} does not name a listener and a certificate")))
    }

    fn for_call(&self) -> Json {
        json!({"ListenerArn": self.listener, "Certificates": {"member": [{"CertificateArn": self.certificate}]}})
    }
}

impl Resource for AwsLbListenerCertificate {
    type Live = Pair;

    fn spec() -> Spec<Pair> {
        let fixed = |name| A::string(name).required().force_new();
        Spec::new(
            "aws_lb_listener_certificate",
            |p| Some(p.id()),
            vec![
                fixed("listener_arn").read(|p| p.listener.as_str().into()),
                fixed("certificate_arn").read(|p| p.certificate.as_str().into()),
            ],
        )
        .role(Role::Name(Unjudged::All("certificates")))
        .unique(&[&["listener_arn", "certificate_arn"]])
        .recover(Recover::Key)
    }

    /// All certificates of the listeners that are asked for, one call each.
    async fn describe(aws: &Aws, which: Which<'_>) -> Result<Vec<Pair>> {
        let asked: BTreeSet<Pair> = match which {
            Which::Ids(ids) => ids.iter().filter_map(|id| Pair::parse(id)).collect(),
            Which::Token(_) => BTreeSet::new(),
            Which::NaturalKey(want) => Pair::of(want).into_iter().collect(),
        };
        let listeners: BTreeSet<String> = asked.iter().map(|p| p.listener.clone()).collect();
        let of_listener = |listener: String| async move {
            let (of, path) = (json!({"ListenerArn": listener}), "Certificates.member");
            let all = aws.read.api.list(&ELB_V2, "DescribeListenerCertificates", of, PAGES, path).await?;
            let extra = all.iter().filter(|c| c["IsDefault"] != "true");
            let pair = |certificate| Pair { listener: listener.clone(), certificate };
            Ok::<Vec<Pair>, Error>(extra.filter_map(|c| member_text(c, "CertificateArn")).map(pair).collect())
        };
        let found = each(listeners, of_listener).await?;
        Ok(found.into_iter().flatten().filter(|pair| asked.contains(pair)).collect())
    }

    async fn create(aws: &Aws, want: &Attrs, _token: &Token) -> Result<String> {
        let pair = Pair::of(want).ok_or_else(|| Error::not_found("no listener or no certificate"))?;
        aws.write.api.call(&ELB_V2, "AddListenerCertificates", pair.for_call()).await?;
        Ok(pair.id())
    }

    async fn update(_aws: &Aws, _id: &str, _change: &mut Change<'_>) -> Result<()> {
        Ok(())
    }

    async fn delete(aws: &Aws, id: &str, _last: &Attrs) -> Result<()> {
        let pair = Pair::named(id)?;
        done(aws.write.api.call(&ELB_V2, "RemoveListenerCertificates", pair.for_call()).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_both_arns() {
        let pair =
            Pair { listener: "arn:aws:elb:x:1:listener/app/a_b/1/2".into(), certificate: "arn:aws:acm:x:1:c/3".into() };
        assert_eq!(Pair::parse(&pair.id()), Some(pair));
        assert_eq!(Pair::parse("arn:aws:acm"), None);
    }
}
