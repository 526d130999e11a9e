//! aws_cognito_user_pool: users and how they sign in. A change says everything again: what it leaves out gets its default.
//! The second factors have calls of their own.

use super::pool_blocks::{
    AddOns, AdminCreate, Attribute, Device, Email, EmailMfa, Lambda, Password, Recovery, SignIn, Sms, SoftwareToken,
    Updates, Username, Verification, WebAuthn,
};
use crate::aws::api::services::COGNITO;
use crate::aws::api::{Service, member_text};
use crate::resources::block::TimestampCell;
use crate::resources::document::{Document, One, Unordered, document};
use crate::resources::plain::{Object, Plain, Tags, joined};
use crate::resources::prelude::*;
use serde_json::{Value as Json, json};

document! {
    /// The resource type `aws_cognito_user_pool`.
    pub AwsCognitoUserPool {
        alias_attributes = "AliasAttributes": Texts [.force_new()];
        arn = "Arn": Text, read [.computed()];
        auto_verified_attributes = "AutoVerifiedAttributes": Texts, read, create, modify;
        creation_date = "CreationDate": TimestampCell, read [.computed()];
        custom_domain = "CustomDomain": Text, read [.computed()];
        deletion_protection = "DeletionProtection": Text, read, create, modify [.default("INACTIVE")];
        domain = "Domain": Text, read [.computed()];
        email_verification_message = "EmailVerificationMessage": Text, read, create, modify [.optional_computed()];
        email_verification_subject = "EmailVerificationSubject": Text, read, create, modify [.optional_computed()];
        endpoint = "": Text, none [.computed().read(|p| endpoint(p.held()))];
        estimated_number_of_users = "EstimatedNumberOfUsers": Int, read [.computed()];
        last_modified_date = "LastModifiedDate": TimestampCell, read [.computed()];
        mfa_configuration = "MfaConfiguration": Text, read
            [.default("OFF").check(|v| checks::one_of(v, &["OFF", "ON", "OPTIONAL"]))];
        name = "PoolName": Text, create, modify [.required().read(|p| member_text(p.held(), "Name").into())];
        sms_authentication_message = "SmsAuthenticationMessage": Text, read, create, modify;
        sms_verification_message = "SmsVerificationMessage": Text, read, create, modify [.optional_computed()];
        user_pool_tier = "UserPoolTier": Text, read, create, modify [.optional_computed()];
        username_attributes = "UsernameAttributes": Texts [.force_new()];
        account_recovery_setting = "AccountRecoverySetting": One<Recovery>, read, create, modify [.optional_computed()];
        admin_create_user_config = "AdminCreateUserConfig": One<AdminCreate>, read, create, modify [.optional_computed()];
        device_configuration = "DeviceConfiguration": One<Device>, read, create, modify;
        email_configuration = "EmailConfiguration": One<Email>, read, create, modify [.optional_computed()];
        email_mfa_configuration = "EmailMfaConfiguration": One<EmailMfa>, read;
        lambda_config = "LambdaConfig": One<Lambda>, read, create, modify;
        password_policy = "Policies.PasswordPolicy": One<Password>, read, create, modify [.optional_computed()];
        schema = "Schema": Unordered<Attribute>, create [.count(0, Some(50))];
        sign_in_policy = "Policies.SignInPolicy": One<SignIn>, read, create, modify [.optional_computed()];
        sms_configuration = "SmsConfiguration": One<Sms>, read, create, modify [.optional_computed()];
        software_token_mfa_configuration = "SoftwareTokenMfaConfiguration": One<SoftwareToken>, read;
        user_attribute_update_settings = "UserAttributeUpdateSettings": One<Updates>, read, create, modify;
        user_pool_add_ons = "UserPoolAddOns": One<AddOns>, read, create, modify;
        username_configuration = "UsernameConfiguration": One<Username> [.optional_computed().force_new()];
        verification_message_template = "VerificationMessageTemplate": One<Verification>, read, create, modify
            [.optional_computed()];
        web_authn_configuration = "WebAuthnConfiguration": One<WebAuthn>, read;
    }
}

fn endpoint(pool: &Json) -> Value {
    let id = member_text(pool, "Id").unwrap_or_default();
    let region = member_text(pool, "Arn").and_then(|arn| arn.split(':').nth(3).map(str::to_owned));
    format!("cognito-idp.{}.amazonaws.com/{id}", region.unwrap_or_default()).into()
}

/// What the call for second factors is about.
const FACTORS: [&str; 5] = [
    "mfa_configuration",
    "email_mfa_configuration",
    "software_token_mfa_configuration",
    "sms_authentication_message",
    "web_authn_configuration",
];

fn factors(id: &str, want: &Attrs) -> Json {
    let one = |argument, of: fn(&Attrs) -> Json| want.blocks(argument).first().map(of);
    let sms = one("sms_configuration", Sms::create).map(
        |sms| json!({"SmsConfiguration": sms, "SmsAuthenticationMessage": text(want, "sms_authentication_message")}),
    );
    let mut all = json!({"UserPoolId": id, "MfaConfiguration": want.str("mfa_configuration")});
    for (name, value) in [
        ("SmsMfaConfiguration", sms),
        ("SoftwareTokenMfaConfiguration", one("software_token_mfa_configuration", SoftwareToken::create)),
        ("EmailMfaConfiguration", one("email_mfa_configuration", EmailMfa::create)),
        ("WebAuthnConfiguration", one("web_authn_configuration", WebAuthn::create)),
    ] {
        if let Some(value) = value {
            all[name] = value;
        }
    }
    all
}

/// Without the texts that say nothing, which Cognito refuses.
fn sparse(mut input: Json) -> Json {
    if let Json::Object(members) = &mut input {
        members.retain(|_, value| value != "");
    }
    input
}

impl Plain for AwsCognitoUserPool {
    const SERVICE: &'static Service = &COGNITO;
    const CREATE: &'static str = "CreateUserPool";
    const READ: (&'static str, &'static str) = ("DescribeUserPool", "UserPool");
    const UPDATE: &'static str = "UpdateUserPool";
    const DELETE: &'static str = "DeleteUserPool";
    const TAGS: Option<Tags> = Some(Tags {
        list: "ListTagsForResource",
        set: "TagResource",
        unset: "UntagResource",
        by: ("ResourceArn", "Arn"),
        members: ("Tags", "TagKeys"),
        create: "UserPoolTags",
        pairs: None,
    });

    fn specification() -> Spec<Object> {
        Spec::new("aws_cognito_user_pool", |p: &Object| Some(p.id.clone()), <Self as Document>::rows())
            .role(Role::Settings(Unjudged::All("how users sign in")))
            .conflicts(&[&["alias_attributes", "username_attributes"]])
            .recover(Recover::Key)
            .undeletable(|pool| {
                let why = "deletion_protection is ACTIVE; apply with deletion_protection = \"INACTIVE\" first";
                (pool.str("deletion_protection") == Some("ACTIVE")).then(|| why.to_owned())
            })
    }

    fn key(id: &str) -> Json {
        json!({"UserPoolId": id})
    }

    fn id(_want: &Attrs, answer: &Json) -> Option<String> {
        member_text(answer, "UserPool.Id")
    }

    fn change(change: &mut Change<'_>) -> Option<Json> {
        let mut input = sparse(<Self as Document>::whole(change)?);
        input["MfaConfiguration"] = change.before.string("mfa_configuration").into();
        input["UserPoolTags"] = json!(change.after.string_map("tags_all"));
        Some(input)
    }

    async fn further(aws: &Aws, id: &str, change: &mut Change<'_>) -> Result<()> {
        if let Some((gone, new)) = change.take_elements("schema") {
            if !gone.is_empty() {
                let message = "an attribute of users cannot be changed or taken away: leave it in the schema";
                return Err(Error::new(Kind::Refused, message));
            }
            let all: Vec<Json> = new.iter().map(|each| Attribute::create(&Attrs::from_value(each))).collect();
            let input = json!({"UserPoolId": id, "CustomAttributes": all});
            aws.write.api.call(&COGNITO, "AddCustomAttributes", input).await?;
        }
        if change.take_any(&FACTORS) {
            aws.write.api.call(&COGNITO, "SetUserPoolMfaConfig", factors(id, change.after)).await?;
        }
        Ok(())
    }

    async fn more(aws: &Aws, id: &str, json: Json) -> Result<Json> {
        let mfa = aws.read.api.call(&COGNITO, "GetUserPoolMfaConfig", Self::key(id)).await?;
        Ok(joined(mfa, json))
    }

    async fn found(aws: &Aws, want: &Attrs) -> Result<Vec<String>> {
        let name = want.str("name").unwrap_or_default();
        let all = super::pools(aws).await?.into_iter().filter(|pool| pool["Name"] == name);
        Ok(all.filter_map(|pool| member_text(&pool, "Id")).collect())
    }
}
