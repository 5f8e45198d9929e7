// The Flex Consumption plan and the app: how it scales, and every setting it reads.

param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string
param hostStorageName string
param packageContainer string
param momentStorageName string
param insightsName string
param sharePointSites string
param graphTenantId string
param graphClientId string
param instanceMemoryMb int
param maximumInstances int
param alwaysReady array

@description('The subnet through which it reaches storage; empty: the internet.')
param subnetId string

@description('Settings that differ from those below.')
param extraSettings object

// The worker runs synchronous functions on this many threads of one process. Unset it would be about five, and a
// request or message that waits for a thread holds its lease without being worked on. host.json hands over no more
// than that at once; for HTTP the plan decides, and Python's own default there is one request to an instance.
var threads = 16

var host = loadJsonContent('../../host.json')

var platformSettings = {
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: hostStorage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: hostStorage.properties.primaryEndpoints.table
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  // Follows host.json: with OpenTelemetry there the app sends its own telemetry (shared/bootstrap/exporting.py), without
  // it the host does. The worker's own exporting (PYTHON_APPLICATIONINSIGHTS_ENABLE_TELEMETRY) would send all twice.
  PYTHON_ENABLE_OPENTELEMETRY: contains(host, 'telemetryMode') ? 'true' : 'false'
  // The exporter's statistics on itself, which go to another address than the workspace's.
  APPLICATIONINSIGHTS_STATSBEAT_DISABLED_ALL: 'true'
  PYTHON_THREADPOOL_THREAD_COUNT: string(threads)
  // App Service Authentication: the identity stands for the registration's secret, and only this tenant gets in.
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: identityClientId
  WEBSITE_AUTH_AAD_ALLOWED_TENANTS: graphTenantId
}

// Everything that shared/settings reads and that is not for a developer's machine; an empty value is the default.
// tests/infra compares names and defaults.
var momentSettings = {
  MOMENT_STORAGE__credential: 'managedidentity'
  MOMENT_STORAGE__clientId: identityClientId
  MOMENT_STORAGE__blobServiceUri: momentStorage.properties.primaryEndpoints.blob
  MOMENT_STORAGE__queueServiceUri: momentStorage.properties.primaryEndpoints.queue
  MOMENT_STORAGE__tableServiceUri: momentStorage.properties.primaryEndpoints.table
  BLOB_TRIGGER_SOURCE: 'EventGrid'

  SHAREPOINT_SITES: sharePointSites
  LISTS_PER_SITE: '1900'
  GRAPH_TENANT_ID: graphTenantId
  GRAPH_CLIENT_ID: graphClientId
  GRAPH_MANAGED_IDENTITY_CLIENT_ID: identityClientId
  GRAPH_CERTIFICATE: ''
  GRAPH_URL: 'https://graph.microsoft.com'
  GRAPH_LOGIN_URL: environment().authentication.loginEndpoint

  SMALL_FILE_MAX_BYTES: '10485760'
  FRAGMENT_BYTES: '10485760'
  TRANSFER_TIME_LIMIT_S: '240'
  TRANSFER_CLAIM_S: '120'
  LARGE_TRANSFERS_AT_ONCE: '3'
  PROOF_READ_BACK: 'when-different'
  UPLOAD_URL_MINUTES: '60'
  READ_URL_MINUTES: '5'

  PUBLIC_URL: ''
  PULL_LEASE_S: '120'
  PULL_TIME_LIMIT_S: '120'
  DELETION_GUARD_FILES: '50'
  DELETION_GUARD_PERCENT: '20'

  SHAREPOINT_UNITS_PER_MINUTE: '1250'
  SHAREPOINT_UNITS_PER_DAY: '1200000'
  BULK_SHARE_PERCENT: '80'

  DAILY_SYNC_SCHEDULE: '0 30 1 * * *'
  DAILY_SYNC_TO_SHAREPOINT: 'true'
  DAILY_SYNC_FROM_SHAREPOINT: 'true'
  RUNS_KEPT_DAYS: '90'
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: hostStorageName
}

resource momentStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: momentStorageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  // azd finds the app by this tag: it is the service's name in azure.yaml.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    // A setting that refers to Key Vault, such as GRAPH_CERTIFICATE, is read as this identity.
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.13'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMb
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReady
        triggers: {
          http: {
            perInstanceConcurrency: threads
          }
        }
      }
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(platformSettings, momentSettings, extraSettings)
}

// No deployment with a user name and a password.
resource noFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
  dependsOn: [
    appSettings
  ]
}

resource noBasicScm 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
  dependsOn: [
    appSettings
  ]
}

output id string = app.id
output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
