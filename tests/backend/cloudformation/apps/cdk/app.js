const cdk = require('aws-cdk-lib'); const glue = require('aws-cdk-lib/aws-glue'); const s3 = require('aws-cdk-lib/aws-s3'); const sfn = require('aws-cdk-lib/aws-stepfunctions'); const iam=require('aws-cdk-lib/aws-iam');
const app = new cdk.App();
const stack = new cdk.Stack(app, 'Roads', { env: {account:'000000000000', region:'us-east-1'} });
new s3.Bucket(stack, 'Data', { bucketName: 'cdk-roads', removalPolicy: cdk.RemovalPolicy.DESTROY });
const db = new glue.CfnDatabase(stack, 'Db', { catalogId: stack.account, databaseInput: { name: 'cdk_roads' } });
const role = new iam.Role(stack, 'Role', { assumedBy: new iam.ServicePrincipal('glue.amazonaws.com') });
new glue.CfnTable(stack, 'Table', { catalogId: stack.account, databaseName: db.ref, tableInput: { name: 'speeds', storageDescriptor: { columns: [{name:'speed',type:'int'}] } } });
new glue.CfnJob(stack, 'Job', { name: 'cdk-job', role: role.roleArn, command: { name: 'glueetl', scriptLocation: 's3://cdk-roads/a.py' }, glueVersion: process.env.GLUE_VERSION || '5.0' });
new sfn.StateMachine(stack, 'Machine', { stateMachineName: 'cdk-machine', definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Start')) });
