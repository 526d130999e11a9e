//! aws_vpclattice_service_network_vpc_association: lets a VPC reach a service network, which it does once.

use crate::aws::api::services::LATTICE;
use crate::aws::api::{Pages, Service, member_text};
use crate::resources::block::TextList;
use crate::resources::document::{Document, One, document};
use crate::resources::plain::{Object, Plain, Tags, state};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Dns {
        private_dns_preference = "privateDnsPreference": Text;
        private_dns_specified_domains = "privateDnsSpecifiedDomains": Texts [.optional_computed()];
    }
}
document! {
    /// The resource type `aws_vpclattice_service_network_vpc_association`.
    pub AwsVpclatticeServiceNetworkVpcAssociation {
        arn = "arn": Text, read [.computed()];
        created_by = "createdBy": Text, read [.computed()];
        dns_options = "dnsOptions": One<Dns> [.force_new()];
        private_dns_enabled = "privateDnsEnabled": Flag [.optional_computed().force_new()];
        security_group_ids = "securityGroupIds": TextList, read, create, modify;
        service_network_identifier = "serviceNetworkIdentifier": Text, create [.required().force_new().normal(Normal::With(same_network)).read(|l| network(l.held()))];
        status = "status": Text, read [.computed()];
        vpc_identifier = "vpcIdentifier": Text, create [.required().force_new().read(|l| member_text(l.held(), "vpcId").into())];
    }
}

/// A network is named by its id or its ARN.
fn same_network(a: &Value, b: &Value) -> bool {
    let id = |name: &Value| name.as_str().and_then(|name| name.rsplit('/').next()).map(str::to_owned);
    id(a) == id(b)
}

fn network(live: &Json) -> Value {
    member_text(live, "serviceNetworkId").into()
}

impl Plain for AwsVpclatticeServiceNetworkVpcAssociation {
    const SERVICE: &'static Service = &LATTICE;
    const CREATE: &'static str = "CreateServiceNetworkVpcAssociation POST /servicenetworkvpcassociations";
    const READ: (&'static str, &'static str) = (
        "GetServiceNetworkVpcAssociation GET /servicenetworkvpcassociations/{serviceNetworkVpcAssociationIdentifier}",
        "",
    );
    const UPDATE: &'static str = "UpdateServiceNetworkVpcAssociation PATCH \
                                  /servicenetworkvpcassociations/{serviceNetworkVpcAssociationIdentifier}";
    const DELETE: &'static str = "DeleteServiceNetworkVpcAssociation DELETE \
                                  /servicenetworkvpcassociations/{serviceNetworkVpcAssociationIdentifier}";
    const TAGS: Option<Tags> = Some(Tags::AT_ARN);

    fn specification() -> Spec<Object> {
        let id = |a: &Object| Some(a.id.clone());
        Spec::new("aws_vpclattice_service_network_vpc_association", id, <Self as Document>::rows())
            .role(Role::Endpoint(Unjudged::Of("who reaches the services", &["security_group_ids"])))
            .unique(&[&["service_network_identifier", "vpc_identifier"]])
            .recover(Recover::Key)
            .progress(|a| {
                let pending = ["CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"];
                state(a, "status", &pending, &["CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"], &[])
            })
            .wait_for_deletion()
    }

    fn key(id: &str) -> Json {
        json!({"serviceNetworkVpcAssociationIdentifier": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "id")
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let by = json!({
            "serviceNetworkIdentifier": want.str("service_network_identifier"),
            "vpcIdentifier": want.str("vpc_identifier"),
        });
        let operation = "ListServiceNetworkVpcAssociations GET /servicenetworkvpcassociations";
        let found = aws.read.api.list(&LATTICE, operation, by, Pages("nextToken", "nextToken"), "items").await?;
        Ok(found.iter().filter_map(|one| member_text(one, "id")).collect())
    }
}
