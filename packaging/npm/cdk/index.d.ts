export interface EcrlintValidatorOptions {
  /** Lowest severity that fails the synthesis; `error` without it. */
  readonly failOn?: 'error' | 'warning' | 'note' | 'never';
  /** More arguments for `ecrlint check`. */
  readonly args?: readonly string[];
  /** Path of the `ecrlint` to run; that of the package `ecrlint` without it. */
  readonly binary?: string;
}

/** A construct that breaks a rule, in the words of `PolicyViolatingResource`. */
export interface ViolatingResource {
  readonly resourceLogicalId: string;
  readonly templatePath: string;
  readonly constructPath: string;
  readonly locations: string[];
}

/** A finding, in the words of `PolicyViolation`. */
export interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly fix?: string;
  readonly severity: string;
  readonly ruleMetadata: { readonly [key: string]: string };
  readonly violatingResources: ViolatingResource[];
}

/** What `cdk synth` is told, in the words of `PolicyValidationPluginReport`. */
export interface Report {
  readonly success: boolean;
  readonly violations: Violation[];
  readonly pluginVersion: string;
  readonly metadata: { readonly [key: string]: string };
}

/**
 * Runs ecrlint on what `cdk synth` has written. It is an `IPolicyValidationPlugin`, and an
 * `IPolicyValidationPluginBeta1` for versions of aws-cdk-lib that know only that.
 */
export class EcrlintValidator {
  readonly name: string;
  readonly version: string;
  constructor(options?: EcrlintValidatorOptions);
  validate(context: { readonly templatePaths: string[] }): Report;
}
