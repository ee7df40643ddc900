//! Whose credentials calls are made with: the standard chain of AWS, a profile, roles on top of it.
//! It does not know what they are used for.

use std::error::Error as _;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::environment::region::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::{CredentialsError, TokenError};
use aws_credential_types::provider::future;
use aws_credential_types::provider::token::ProvideToken;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_sts::error::ProvideErrorMetadata;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_http_client::{Connector, ConnectorBuilder};
use aws_smithy_runtime_api::client::http::{
    HttpConnectorSettings, SharedHttpConnector, http_client_fn,
};
use tokio::sync::Mutex;

use super::failure::{Failure, FailureKind, chain};
use super::{CaptureError, CaptureOptions};

/// Credentials are renewed this long before they end.
const MARGIN: Duration = Duration::from_secs(300);
/// Longest time for a connection to come about.
const CONNECT: Duration = Duration::from_secs(10);
/// Longest silence of a server.
const READ: Duration = Duration::from_secs(30);

/// Credentials that are asked for when they are needed, and again before they end.
pub(super) struct Credentials {
    provider: SharedCredentialsProvider,
    current: Mutex<Option<Keys>>,
}

impl fmt::Debug for Credentials {
    /// Keys are never shown, not even in a message for developers.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

impl Credentials {
    pub(super) fn new(provider: SharedCredentialsProvider) -> Self {
        Self {
            provider,
            current: Mutex::new(None),
        }
    }

    /// Credentials that hold for a while.
    pub(super) async fn current(&self) -> Result<Keys, Failure> {
        let mut current = self.current.lock().await;
        if let Some(keys) = current.as_ref().filter(|keys| lasts(keys)) {
            return Ok(keys.clone());
        }
        match self.provider.provide_credentials().await {
            Ok(keys) => Ok(current.insert(keys).clone()),
            Err(error) => Err(Failure {
                kind: FailureKind::Expired,
                code: "NoCredentials".to_owned(),
                message: refused(&error),
            }),
        }
    }
}

fn lasts(keys: &Keys) -> bool {
    keys.expiry()
        .is_none_or(|end| end > SystemTime::now() + MARGIN)
}

/// An account that credentials lead to.
#[derive(Debug)]
pub(super) struct AuthenticatedAccount {
    pub(super) id: String,
    /// ARN of the user or role that the credentials are of.
    pub(super) caller: String,
    pub(super) credentials: Arc<Credentials>,
}

/// The settings of the standard chain, for the first region that is asked for or that it finds.
pub(super) async fn settings(options: &CaptureOptions) -> SdkConfig {
    let config = load(options, options.regions.first()).await;
    match (config.region(), other_region(options)) {
        (None, Some(region)) => load(options, Some(&region)).await,
        _ => config,
    }
}

async fn load(options: &CaptureOptions, region: Option<&String>) -> SdkConfig {
    let client = http_client_fn(|settings: &HttpConnectorSettings, _| {
        SharedHttpConnector::new(connector(Some(settings)))
    });
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(client.clone());
    let mut region = region.map(|region| Region::new(region.clone()));
    if let Some(profile) = &options.profile {
        // The standard chains would go on to other keys, and to the instance that they run on.
        if region.is_none() {
            region = region_of(profile).await;
        }
        let config = ProviderConfig::default().with_http_client(client);
        let keys = ProfileFileCredentialsProvider::builder()
            .configure(&config.with_region(region.clone()))
            .profile_name(profile)
            .build();
        loader = loader
            .profile_name(profile)
            .credentials_provider(keys)
            .token_provider(NoToken);
        loader = loader.region(RegionProviderChain::first_try(region.clone()));
    } else if let Some(region) = region {
        loader = loader.region(region);
    }
    if let Some(url) = &options.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    loader.load().await
}

/// In place of the standard chain of tokens, which no call here takes: without a region it asks the instance for one.
#[derive(Debug)]
struct NoToken;

impl ProvideToken for NoToken {
    fn provide_token<'a>(&'a self) -> future::ProvideToken<'a>
    where
        Self: 'a,
    {
        future::ProvideToken::ready(Err(TokenError::not_loaded("no call takes a token")))
    }
}

/// The region of a profile, unless the environment names one, as the AWS CLI has it.
async fn region_of(profile: &str) -> Option<Region> {
    let own = ProfileFileRegionProvider::builder();
    let own = own.profile_name(profile).build();
    let regions = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new());
    regions.or_else(own).region().await
}

/// The region to ask first where neither the command line nor the environment names one.
fn other_region(options: &CaptureOptions) -> Option<String> {
    let configured = options.regions_of.values().flatten().next().cloned();
    configured.or_else(|| options.all_regions.then(|| "us-east-1".to_owned()))
}

/// The way to the network: TLS by rustls, the system's certificates, the proxy of the environment.
pub(super) fn connector(settings: Option<&HttpConnectorSettings>) -> Connector {
    let own = HttpConnectorSettings::builder()
        .connect_timeout(CONNECT)
        .read_timeout(READ)
        .build();
    let builder: ConnectorBuilder = Connector::builder()
        .connector_settings(settings.cloned().unwrap_or(own))
        .proxy_config(ProxyConfig::from_env());
    builder
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build()
}

/// The credentials that everything begins with: those of the profile that was named, else of the standard chain.
///
/// # Errors
/// There are none, or there is no such profile.
pub(super) async fn base(
    options: &CaptureOptions,
    config: &SdkConfig,
) -> Result<SharedCredentialsProvider, CaptureError> {
    let Some(base) = config.credentials_provider() else {
        return Err(CaptureError::Credentials(no_credentials()));
    };
    // Without credentials of its own, nobody takes a role: say so before anything else is tried.
    match (base.provide_credentials().await, &options.profile) {
        (Ok(_), _) => Ok(base),
        (Err(error), Some(profile)) => Err(CaptureError::Credentials(refused_by(profile, &error))),
        (Err(error), None) => Err(CaptureError::Credentials(refused(&error))),
    }
}

/// Why a profile gives no credentials.
fn refused_by(profile: &str, error: &CredentialsError) -> String {
    let told = chain(error);
    if told.contains(&format!("profile `{profile}` was not defined")) {
        return format!(
            "there is no profile `{profile}` in the AWS configuration; list those that there are with \
             `aws configure list-profiles`"
        );
    }
    match error {
        CredentialsError::CredentialsNotLoaded(_) => match error.source() {
            Some(cause) => format!(
                "the profile `{profile}` gives no AWS credentials: {}",
                chain(cause)
            ),
            None => format!("the profile `{profile}` gives no AWS credentials, or is not there"),
        },
        _ => refused(error),
    }
}

/// The accounts to capture: the one of the credentials `base`, or the one of each role.
///
/// # Errors
/// AWS does not know the credentials, or a role may not be taken.
pub(super) async fn accounts(
    options: &CaptureOptions,
    config: &SdkConfig,
    base: SharedCredentialsProvider,
) -> Result<Vec<AuthenticatedAccount>, CaptureError> {
    if options.roles.is_empty() {
        return Ok(vec![account(base, config).await?]);
    }
    let mut accounts: Vec<AuthenticatedAccount> = Vec::new();
    for role in &options.roles {
        let provider = AssumeRoleProvider::builder(role)
            .session_name("ecrlint-snapshot")
            .configure(config)
            .build_from_provider(base.clone())
            .await;
        let provider = SharedCredentialsProvider::new(provider);
        if let Err(error) = provider.provide_credentials().await {
            return Err(CaptureError::Role(role.clone(), chain(&error)));
        }
        let account = account(provider, config).await?;
        if accounts.iter().all(|known| known.id != account.id) {
            accounts.push(account);
        }
    }
    Ok(accounts)
}

async fn account(
    provider: SharedCredentialsProvider,
    config: &SdkConfig,
) -> Result<AuthenticatedAccount, CaptureError> {
    let settings = aws_sdk_sts::config::Builder::from(config)
        .credentials_provider(provider.clone())
        .build();
    let sts = aws_sdk_sts::Client::from_conf(settings);
    match sts.get_caller_identity().send().await {
        Ok(identity) => match identity.account() {
            Some(id) => Ok(AuthenticatedAccount {
                id: id.to_owned(),
                caller: identity.arn().unwrap_or_default().to_owned(),
                credentials: Arc::new(Credentials::new(provider)),
            }),
            None => Err(CaptureError::Credentials(
                "AWS does not say whose credentials these are".to_owned(),
            )),
        },
        Err(error) => Err(CaptureError::Credentials(match error.code() {
            Some(code @ ("ExpiredToken" | "ExpiredTokenException")) => expired(code),
            Some(code @ ("InvalidClientTokenId" | "UnrecognizedClientException")) => format!(
                "AWS does not know these credentials (`{code}`); look whose they are with \
                 `aws sts get-caller-identity`"
            ),
            Some(code @ ("SignatureDoesNotMatch" | "InvalidSignatureException")) => format!(
                "AWS does not accept the signature (`{code}`): the secret key is another one's, or the \
                 clock of this machine is off"
            ),
            _ => format!(
                "cannot ask AWS whose credentials these are: {}",
                chain(&error)
            ),
        })),
    }
}

/// What to do about credentials that have run out.
pub(super) fn expired(code: &str) -> String {
    format!(
        "the AWS credentials have expired (`{code}`); renew them, for example with `aws sso login`"
    )
}

fn no_credentials() -> String {
    "there are no AWS credentials; name a profile with `--profile`, set `AWS_PROFILE`, or log in, for \
     example with `aws sso login`"
        .to_owned()
}

fn refused(error: &CredentialsError) -> String {
    match error {
        CredentialsError::CredentialsNotLoaded(_) => no_credentials(),
        error => format!("cannot get AWS credentials: {}", chain(error)),
    }
}
