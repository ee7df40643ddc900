// A shop with one repository that is not scanned, one in a nested stack, one in a stage, and one as it has to be.
import { App, NestedStack, Stack, Stage, Validations, aws_ecr as ecr } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { EcrlintValidator } from '@ecrlint/cdk';

class Images extends NestedStack {
  constructor(scope: Construct) {
    super(scope, 'Images');
    new ecr.Repository(this, 'Thumbnails', { repositoryName: 'shop/thumbnails', imageScanOnPush: false });
  }
}

class Shop extends Stack {
  constructor(scope: Construct, account: string, faulty: boolean) {
    super(scope, 'Shop', { env: { account, region: 'eu-west-1' } });
    const good = {
      imageScanOnPush: true,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      lifecycleRules: [{ maxImageCount: 50 }],
    };
    new ecr.Repository(this, 'Web', { repositoryName: 'shop/web', ...good });
    if (faulty) {
      new ecr.Repository(this, 'Api', { repositoryName: 'shop/api', imageScanOnPush: false });
      new Images(this);
    }
  }
}

const plugin = new EcrlintValidator({ failOn: 'error' });
const faulty = process.env.FAULTY === 'true';
const app = process.env.BETA === 'true' ? new App({ policyValidationBeta1: [plugin] }) : new App();
if (process.env.BETA !== 'true') {
  Validations.of(app).addPlugins(plugin);
}
new Shop(app, '111111111111', faulty);
if (faulty) {
  new Shop(new Stage(app, 'Prod'), '333333333333', faulty);
}
