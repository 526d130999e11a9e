//! aws_vpclattice_service_network: services under one roof, with one way to let callers in. Its name is its natural key.

use crate::aws::api::services::LATTICE;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::document::{Document, document};
use crate::resources::plain::{Object, Plain, Tags};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_vpclattice_service_network`.
    pub AwsVpclatticeServiceNetwork {
        arn = "arn": Text, read [.computed()];
        auth_type = "authType": Text, read, create, modify [.optional_computed().check(|v| checks::one_of(v, &["AWS_IAM", "NONE"]))];
        name = "name": Text [.required().force_new()];
    }
}

impl Plain for AwsVpclatticeServiceNetwork {
    const SERVICE: &'static Service = &LATTICE;
    const CREATE: &'static str = "CreateServiceNetwork POST /servicenetworks";
    const READ: (&'static str, &'static str) =
        ("GetServiceNetwork GET /servicenetworks/{serviceNetworkIdentifier}", "");
    const UPDATE: &'static str = "UpdateServiceNetwork PATCH /servicenetworks/{serviceNetworkIdentifier}";
    const DELETE: &'static str = "DeleteServiceNetwork DELETE /servicenetworks/{serviceNetworkIdentifier}";
    const TAGS: Option<Tags> = Some(Tags::AT_ARN);

    fn specification() -> Spec<Object> {
        Spec::new("aws_vpclattice_service_network", |n: &Object| Some(n.id.clone()), <Self as Document>::rows())
            .role(Role::Settings(Unjudged::Of("who reaches the services", &["auth_type"])))
            .unique(&[&["name"]])
            .recover(Recover::Key)
    }

    fn key(id: &str) -> Json {
        json!({"serviceNetworkIdentifier": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "id")
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let pages = Pages("nextToken", "nextToken");
        let all = aws.read.api.list(&LATTICE, "ListServiceNetworks GET /servicenetworks", json!({}), pages, "items");
        let same = |one: &&Json| member_text(one, "name").as_deref() == want.str("name");
        Ok(all.await?.iter().filter(same).filter_map(|one| member_text(one, "id")).collect())
    }
}
