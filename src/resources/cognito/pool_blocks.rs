//! The blocks of aws_cognito_user_pool.

use crate::resources::document::{One, Unordered, document};
use crate::resources::prelude::*;

document! {
    Mechanism {
        name = "Name": Text [.required()];
        priority = "Priority": Int [.required()];
    }
}
document! {
    /// How users get their account back.
    pub Recovery {
        recovery_mechanism = "RecoveryMechanisms": Unordered<Mechanism> [.count(0, Some(2))];
    }
}
document! {
    Invitation {
        email_message = "EmailMessage": Text;
        email_subject = "EmailSubject": Text;
        sms_message = "SMSMessage": Text;
    }
}
document! {
    /// Who may make accounts.
    pub AdminCreate {
        allow_admin_create_user_only = "AllowAdminCreateUserOnly": Flag;
        invite_message_template = "InviteMessageTemplate": One<Invitation>;
    }
}
document! {
    /// Which devices are remembered.
    pub Device {
        challenge_required_on_new_device = "ChallengeRequiredOnNewDevice": Flag;
        device_only_remembered_on_user_prompt = "DeviceOnlyRememberedOnUserPrompt": Flag;
    }
}
document! {
    /// Who sends mail.
    pub Email {
        configuration_set = "ConfigurationSet": Text;
        email_sending_account = "EmailSendingAccount": Text [.default("COGNITO_DEFAULT")];
        from_email_address = "From": Text;
        reply_to_email_address = "ReplyToEmailAddress": Text;
        source_arn = "SourceArn": Text;
    }
}
document! {
    /// A second factor by mail.
    pub EmailMfa {
        message = "Message": Text;
        subject = "Subject": Text;
    }
}
document! {
    Sender {
        lambda_arn = "LambdaArn": Text [.required()];
        lambda_version = "LambdaVersion": Text [.required()];
    }
}
document! {
    /// Functions that are called on the way.
    pub Lambda {
        create_auth_challenge = "CreateAuthChallenge": Text;
        custom_message = "CustomMessage": Text;
        define_auth_challenge = "DefineAuthChallenge": Text;
        kms_key_id = "KMSKeyID": Text;
        post_authentication = "PostAuthentication": Text;
        post_confirmation = "PostConfirmation": Text;
        pre_authentication = "PreAuthentication": Text;
        pre_sign_up = "PreSignUp": Text;
        pre_token_generation = "PreTokenGeneration": Text [.optional_computed()];
        user_migration = "UserMigration": Text;
        verify_auth_challenge_response = "VerifyAuthChallengeResponse": Text;
        custom_email_sender = "CustomEmailSender": One<Sender>;
        custom_sms_sender = "CustomSMSSender": One<Sender>;
        pre_token_generation_config = "PreTokenGenerationConfig": One<Sender>;
    }
}
document! {
    /// What a password must hold.
    pub Password {
        minimum_length = "MinimumLength": Int;
        password_history_size = "PasswordHistorySize": Int [.empty_is_null()];
        require_lowercase = "RequireLowercase": Flag;
        require_numbers = "RequireNumbers": Flag;
        require_symbols = "RequireSymbols": Flag;
        require_uppercase = "RequireUppercase": Flag;
        temporary_password_validity_days = "TemporaryPasswordValidityDays": Int [.optional_computed()];
    }
}
document! {
    Numbers {
        max_value = "MaxValue": Text;
        min_value = "MinValue": Text;
    }
}
document! {
    Strings {
        max_length = "MaxLength": Text;
        min_length = "MinLength": Text;
    }
}
document! {
    /// An attribute of users.
    pub Attribute {
        attribute_data_type = "AttributeDataType": Text [.required()];
        developer_only_attribute = "DeveloperOnlyAttribute": Flag;
        mutable = "Mutable": Flag;
        name = "Name": Text [.required()];
        required = "Required": Flag;
        number_attribute_constraints = "NumberAttributeConstraints": One<Numbers>;
        string_attribute_constraints = "StringAttributeConstraints": One<Strings>;
    }
}
document! {
    /// What a sign-in begins with.
    pub SignIn {
        allowed_first_auth_factors = "AllowedFirstAuthFactors": Texts;
    }
}
document! {
    /// Who sends messages to telephones.
    pub Sms {
        external_id = "ExternalId": Text [.required()];
        sns_caller_arn = "SnsCallerArn": Text [.required()];
        sns_region = "SnsRegion": Text [.optional_computed()];
    }
}
document! {
    /// A second factor by a program.
    pub SoftwareToken {
        enabled = "Enabled": Flag [.required()];
    }
}
document! {
    /// Attributes that are verified before they change.
    pub Updates {
        attributes_require_verification_before_update = "AttributesRequireVerificationBeforeUpdate": Texts [.required()];
    }
}
document! {
    Flows {
        custom_auth_mode = "CustomAuthMode": Text [.optional_computed()];
    }
}
document! {
    /// Protection against others.
    pub AddOns {
        advanced_security_mode = "AdvancedSecurityMode": Text [.required()];
        advanced_security_additional_flows = "AdvancedSecurityAdditionalFlows": One<Flows> [.optional_computed()];
    }
}
document! {
    /// Whether case counts.
    pub Username {
        case_sensitive = "CaseSensitive": Flag [.optional_computed().force_new()];
    }
}
document! {
    /// The messages that verify an address.
    pub Verification {
        default_email_option = "DefaultEmailOption": Text [.default("CONFIRM_WITH_CODE")];
        email_message = "EmailMessage": Text [.optional_computed()];
        email_message_by_link = "EmailMessageByLink": Text [.optional_computed()];
        email_subject = "EmailSubject": Text [.optional_computed()];
        email_subject_by_link = "EmailSubjectByLink": Text [.optional_computed()];
        sms_message = "SmsMessage": Text [.optional_computed()];
    }
}
document! {
    /// Passkeys.
    pub WebAuthn {
        relying_party_id = "RelyingPartyId": Text;
        user_verification = "UserVerification": Text;
    }
}
