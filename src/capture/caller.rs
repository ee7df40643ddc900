//! One call after another to the services of one account and region: signed, sent, made again where that
//! helps, and answered with the JSON that AWS sent, member for member.
//! It does not know what the answers mean.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningParams, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::HttpConnector;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use serde_json::{Map, Value};
use tokio::time::{Instant, timeout_at};

use super::credentials::Credentials;
use super::endpoint::{Endpoints, region_of_accounts};
use super::failure::{Failure, FailureKind};
use super::operation::{AwsService, Operation, SERVICES};
use super::pace::{Pace, wait_before};

/// Largest answer in bytes; the largest real ones, 1,000 repositories or images, stay below 2 MB.
const LARGEST_ANSWER: usize = 64 << 20;

/// The members of an answer.
pub(super) type ApiResponse = Map<String, Value>;

/// Asks the services of one account in one region.
#[derive(Debug)]
pub(super) struct RegionalClient {
    connector: Arc<Connector>,
    credentials: Arc<Credentials>,
    endpoints: Endpoints,
    region: String,
    /// Longest time from a request to the last byte of its answer.
    patience: Duration,
    paces: Vec<(&'static str, Pace)>,
}

impl RegionalClient {
    pub(super) fn new(
        connector: Arc<Connector>,
        credentials: Arc<Credentials>,
        endpoints: Endpoints,
        region: &str,
        patience: Duration,
    ) -> Self {
        let paces = SERVICES.iter().map(|service| {
            let pace = Pace::new(service.at_once);
            (service.name, pace)
        });
        Self {
            connector,
            credentials,
            endpoints,
            region: region.to_owned(),
            patience,
            paces: paces.collect(),
        }
    }

    /// Makes a call, and makes it again while that may help.
    pub(super) async fn ask(
        &self,
        operation: &Operation,
        input: &Value,
    ) -> Result<ApiResponse, Failure> {
        let pace = self.pace(operation.service);
        let body = input.to_string();
        let mut attempt = 0;
        loop {
            let result = {
                let _turn = pace.start().await;
                self.once(operation, &body).await
            };
            let failure = match result {
                Ok(answer) => {
                    pace.answered();
                    return Ok(answer);
                }
                Err(failure) => failure,
            };
            if failure.kind == FailureKind::Throttled {
                pace.throttled();
            }
            attempt += 1;
            if attempt >= failure.attempts() {
                return Err(failure);
            }
            wait_before(attempt).await;
        }
    }

    fn pace(&self, service: &AwsService) -> &Pace {
        let pace = self.paces.iter().find(|(name, _)| *name == service.name);
        &pace.expect("every service has a pace").1
    }

    async fn once(&self, operation: &Operation, body: &str) -> Result<ApiResponse, Failure> {
        let url = self.endpoints.url(operation.service, &self.region);
        let request = self.request(operation, &url, body).await?;
        let deadline = Instant::now() + self.patience;
        let slow = |_| Failure::slow(format!("`{url}` does not answer: it takes too long"));
        let answer = timeout_at(deadline, self.connector.call(request)).await;
        let answer = answer.map_err(slow)?;
        let answer = answer.map_err(|error| no_answer(&url, &deepest(&error)))?;
        let status = answer.status();
        let error = answer.headers().get("x-amzn-errortype").map(str::to_owned);
        let bytes = timeout_at(deadline, received(&url, answer.into_body())).await;
        let bytes = bytes.map_err(slow)??;
        if !status.is_success() {
            return Err(Failure::told(status.as_u16(), error.as_deref(), &bytes));
        }
        serde_json::from_slice(&bytes)
            .map_err(|error| Failure::unexpected(format!("not JSON: {error}")))
    }

    async fn request(
        &self,
        operation: &Operation,
        url: &str,
        body: &str,
    ) -> Result<HttpRequest, Failure> {
        let service = operation.service;
        let mut request = HttpRequest::new(SdkBody::from(body));
        let broken = |error: &dyn std::error::Error| {
            Failure::unreachable(format!("`{url}` cannot be asked: {}", deepest(error)))
        };
        request.set_method("POST").map_err(|error| broken(&error))?;
        let headers = request.headers_mut();
        match service.target {
            Some(target) => {
                headers.insert("content-type", "application/x-amz-json-1.1");
                headers.insert("x-amz-target", format!("{target}.{}", operation.name));
                request.set_uri(url).map_err(|error| broken(&error))?;
            }
            None => {
                headers.insert("content-type", "application/json");
                let path = format!("{url}{}", lower_first(operation.name));
                request.set_uri(path).map_err(|error| broken(&error))?;
            }
        }
        self.sign(&mut request, service, body).await?;
        let agent = concat!("ecrlint/", env!("CARGO_PKG_VERSION"));
        request.headers_mut().insert("user-agent", agent);
        Ok(request)
    }

    async fn sign(
        &self,
        request: &mut HttpRequest,
        service: &AwsService,
        body: &str,
    ) -> Result<(), Failure> {
        let identity = self.credentials.current().await?.into();
        let region = match service.target {
            Some(_) => self.region.as_str(),
            None => region_of_accounts(&self.region).unwrap_or(&self.region),
        };
        let params: SigningParams<'_> = v4::SigningParams::builder()
            .identity(&identity)
            .region(region)
            .name(service.name)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| Failure::unexpected(error.to_string()))?
            .into();
        let uri = request.uri().to_owned();
        let signed = SignableRequest::new(
            "POST",
            uri,
            request.headers().iter(),
            SignableBody::Bytes(body.as_bytes()),
        )
        .and_then(|signable| sign(signable, &params))
        .map_err(|error| Failure::unexpected(format!("cannot sign: {}", deepest(&error))))?;
        let (instructions, _) = signed.into_parts();
        for (name, value) in instructions.headers() {
            request
                .headers_mut()
                .insert(name.to_owned(), value.to_owned());
        }
        Ok(())
    }
}

/// The bytes of an answer, which are counted while they arrive: its own word for their number may be
/// wrong or missing.
async fn received(url: &str, body: SdkBody) -> Result<Vec<u8>, Failure> {
    let mut stream = ByteStream::new(body);
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| no_answer(url, &deepest(&error)))?;
        if bytes.len() + chunk.len() > LARGEST_ANSWER {
            let megabytes = LARGEST_ANSWER >> 20;
            return Err(Failure::excessive(format!("more than {megabytes} MB")));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn no_answer(url: &str, why: &str) -> Failure {
    Failure::unreachable(format!("`{url}` does not answer: {why}"))
}

/// What stands at the bottom of an error, where the reason is.
fn deepest(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(cause) = error.source() {
        error = cause;
    }
    error.to_string()
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
