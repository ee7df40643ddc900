//! Why a call came to nothing: refused, slowed down, lost, or answered with an error of its own.
//! It does not know what the call was for.

use std::fmt;

use serde_json::Value;

/// What kind of failure it is, which decides what happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureKind {
    /// The caller may not ask this.
    Denied,
    /// Too many calls; the same one may work later.
    Throttled,
    /// The service has failed; the same call may work at once.
    Broken,
    /// No answer came; the network or the host is at fault.
    Unreachable,
    /// No whole answer came in time.
    Slow,
    /// The credentials have run out.
    Expired,
    /// AWS does not know the credentials, or not in this region.
    Credentials,
    /// An error of the call itself, such as `LifecyclePolicyNotFoundException`.
    Other,
}

/// A call that came to nothing.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) kind: FailureKind,
    /// The name of the error as AWS gives it, such as `AccessDeniedException`.
    pub(super) code: String,
    pub(super) message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() {
            return f.write_str(&self.code);
        }
        write!(f, "{}: {}", self.code, self.message)
    }
}

/// Names that mean one of the kinds, in whatever service. Source: botocore 1.44.5, `retryhandler`
/// and `_retry.json`; the common errors of the services' API references.
const CODES: [(FailureKind, &[&str]); 5] = [
    (
        FailureKind::Denied,
        &[
            "AccessDeniedException",
            "AccessDenied",
            "UnauthorizedOperation",
            "UnauthorizedException",
            "NotAuthorized",
        ],
    ),
    (
        FailureKind::Throttled,
        &[
            "ThrottlingException",
            "Throttling",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "BandwidthLimitExceeded",
            "SlowDown",
        ],
    ),
    (
        FailureKind::Expired,
        &["ExpiredTokenException", "ExpiredToken", "RequestExpired"],
    ),
    (
        FailureKind::Credentials,
        &[
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "OptInRequired",
            "SubscriptionRequiredException",
        ],
    ),
    (
        FailureKind::Broken,
        &[
            "ServerException",
            "InternalServerError",
            "InternalServerException",
            "InternalException",
            "InternalFailure",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "KMSInternalException",
            "DependencyTimeoutException",
            "RequestTimeout",
            "RequestTimeoutException",
        ],
    ),
];

impl Failure {
    /// No answer came.
    pub(super) fn unreachable(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Unreachable,
            code: "NoAnswer".to_owned(),
            message: message.into(),
        }
    }

    /// No whole answer came in time.
    pub(super) fn slow(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Slow,
            ..Self::unreachable(message)
        }
    }

    /// An error of a part of a call, as the answer tells it.
    pub(super) fn other(code: &str, message: &str) -> Self {
        Self {
            kind: FailureKind::Other,
            code: code.to_owned(),
            message: message.to_owned(),
        }
    }

    /// An answer came that nobody wants to hold.
    pub(super) fn excessive(message: impl Into<String>) -> Self {
        Self::other("ExcessiveAnswer", &message.into())
    }

    /// An answer came that is not what the API promises.
    pub(super) fn unexpected(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Broken,
            code: "UnexpectedAnswer".to_owned(),
            message: message.into(),
        }
    }

    /// The error that an answer says: its name stands in a header or in the body, with a namespace
    /// before it or a link behind it.
    pub(super) fn told(status: u16, header: Option<&str>, body: &[u8]) -> Self {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |keys: [&str; 2]| {
            let found = keys.iter().find_map(|key| body.get(key)?.as_str());
            found.map(str::to_owned)
        };
        let code = header
            .map(str::to_owned)
            .or_else(|| text(["__type", "code"]));
        let code = code.as_deref().map_or("", bare);
        let message = text(["message", "Message"]).unwrap_or_default();
        let kind = match (kind_of(code), status) {
            (Some(kind), _) => kind,
            (None, 429) => FailureKind::Throttled,
            (None, 500..) => FailureKind::Broken,
            (None, 403) if code.is_empty() => FailureKind::Denied,
            (None, _) => FailureKind::Other,
        };
        let code = match code {
            "" => format!("Http{status}"),
            code => code.to_owned(),
        };
        Self {
            kind,
            code,
            message,
        }
    }

    /// How often a call is made that fails like this: as often as it may work a moment later.
    pub(super) fn attempts(&self) -> u32 {
        match self.kind {
            FailureKind::Throttled | FailureKind::Broken | FailureKind::Unreachable => 8,
            // Each of them has taken as long as anybody wants to wait.
            FailureKind::Slow => 2,
            FailureKind::Denied
            | FailureKind::Expired
            | FailureKind::Credentials
            | FailureKind::Other => 1,
        }
    }

    /// Whether every other call will fail for the same reason.
    pub(super) fn is_final(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Expired
                | FailureKind::Credentials
                | FailureKind::Unreachable
                | FailureKind::Slow
        )
    }
}

/// An error with its causes in one line. What a cause repeats is reported once.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let told = error.to_string();
        if !line.contains(&told) {
            line.push_str(": ");
            line.push_str(&told);
        }
        cause = error.source();
    }
    line
}

fn bare(code: &str) -> &str {
    let code = code.rsplit('#').next().unwrap_or_default();
    code.split(':').next().unwrap_or_default().trim()
}

fn kind_of(code: &str) -> Option<FailureKind> {
    CODES
        .iter()
        .find(|(_, codes)| codes.contains(&code))
        .map(|(kind, _)| *kind)
}

#[cfg(test)]
mod tests {
    use super::{Failure, FailureKind};

    #[test]
    fn the_name_of_an_error_loses_its_namespace_and_its_link() {
        let body =
            br#"{"__type":"com.amazonaws.ecr#ThrottlingException","message":"Rate exceeded"}"#;
        let failure = Failure::told(400, None, body);
        assert_eq!(failure.kind, FailureKind::Throttled);
        assert_eq!(failure.to_string(), "ThrottlingException: Rate exceeded");
        let header = Some("AccessDeniedException:http://internal.amazon.com/coral/");
        let failure = Failure::told(400, header, br#"{"Message":"no"}"#);
        assert_eq!(failure.kind, FailureKind::Denied);
        assert_eq!(failure.to_string(), "AccessDeniedException: no");
    }

    #[test]
    fn an_error_of_the_call_is_neither_denied_nor_tried_again() {
        let body = br#"{"__type":"LifecyclePolicyNotFoundException","message":"none"}"#;
        let failure = Failure::told(400, None, body);
        assert_eq!(failure.kind, FailureKind::Other);
        assert!(failure.attempts() == 1 && !failure.is_final());
    }

    #[test]
    fn an_answer_without_a_name_is_told_by_its_status() {
        assert_eq!(
            Failure::told(503, None, b"<html>").kind,
            FailureKind::Broken
        );
        assert_eq!(Failure::told(429, None, b"").kind, FailureKind::Throttled);
        assert_eq!(Failure::told(403, None, b"").kind, FailureKind::Denied);
        assert_eq!(Failure::told(404, None, b"").code, "Http404");
    }
}
