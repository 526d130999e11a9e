//! aws_globalaccelerator_listener: the ports of an accelerator that lead on to groups of endpoints.

use crate::aws::api::services::ACCELERATOR;
use crate::aws::api::{Service, member_text};
use crate::resources::document::{Document, Unordered, document};
use crate::resources::plain::{Object, Plain, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    Ports {
        from_port = "FromPort": Int [.check(super::endpoint_group::port)];
        to_port = "ToPort": Int [.check(super::endpoint_group::port)];
    }
}
document! {
    /// The resource type `aws_globalaccelerator_listener`.
    pub AwsGlobalacceleratorListener {
        accelerator_arn = "AcceleratorArn": Text [.required().force_new()];
        arn = "ListenerArn": Text, read [.computed()];
        client_affinity = "ClientAffinity": Text, read, create, modify
            [.default("NONE").check(|v| checks::one_of(v, &["NONE", "SOURCE_IP"]))];
        port_range = "PortRanges": Unordered<Ports>, read, create, modify [.required().count(1, Some(10))];
        protocol = "Protocol": Text, read, create, modify [.required().check(|v| checks::one_of(v, &["TCP", "UDP"]))];
    }
}

impl Plain for AwsGlobalacceleratorListener {
    const SERVICE: &'static Service = &ACCELERATOR;
    const CREATE: &'static str = "CreateListener";
    const READ: (&'static str, &'static str) = ("DescribeListener", "Listener");
    const UPDATE: &'static str = "UpdateListener";
    const DELETE: &'static str = "DeleteListener";

    fn specification() -> Spec<Object> {
        let id = |l: &Object| Some(l.id.clone());
        Spec::new("aws_globalaccelerator_listener", id, <Self as Document>::rows())
            .role(Role::Address(Unjudged::All("what clients reach")))
            .global()
            .recover(Recover::ClientToken)
            .progress(super::progress)
            .default_timeout(30)
    }

    fn key(id: &str) -> Json {
        json!({"ListenerArn": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "Listener.ListenerArn")
    }

    fn input(_aws: &Aws, want: &Attrs, token: &Token) -> Json {
        joined(<Self as Document>::create(want), json!({"IdempotencyToken": token.0}))
    }

    async fn more(aws: &Aws, id: &str, mut json: Json) -> Result<Json> {
        json["AcceleratorArn"] = super::above(id, "/listener/").into();
        super::with_status(aws, id, json).await
    }
}
