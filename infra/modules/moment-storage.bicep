// Moment's data: queues and tables here, Moment Cloud in moment-cloud.bicep. People upload straight into it with a
// signed URL for one blob, so its public address stays open unless ranges are given.

param name string
param location string
param tags object

@description('SKU of the account.')
param redundancy string

@description('Public addresses that may reach it; empty: all.')
param allowedIpRanges array

@description('Whether a lock keeps it from being deleted.')
param isLocked bool

// As in shared/settings and shared/store/tables.py; tests/infra compares them.
var queueNames = [
  'transfers'
  'changes'
  'pushes'
  'syncs'
  'indexing'
]

// The blob trigger has one for all its functions. Made here, so that looking for them is no error before the first.
var poisonQueueNames = [
  'transfers-poison'
  'changes-poison'
  'pushes-poison'
  'syncs-poison'
  'indexing-poison'
  'webjobs-blobtrigger-poison'
]

var tableNames = [
  'files'
  'directory'
  'everywhere'
  'folders'
  'unplaced'
  'libraries'
  'tree'
  'departed'
  'runs'
  'givenup'
  'budget'
]

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: redundancy
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    accessTier: 'Hot'
    publicNetworkAccess: 'Enabled'
    networkAcls: {
      bypass: 'AzureServices'
      defaultAction: empty(allowedIpRanges) ? 'Allow' : 'Deny'
      ipRules: [for addresses in allowedIpRanges: {
        action: 'Allow'
        value: addresses
      }]
    }
  }
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for queueName in concat(queueNames, poisonQueueNames): {
  parent: queues
  name: queueName
}]

resource tables 'Microsoft.Storage/storageAccounts/tableServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource table 'Microsoft.Storage/storageAccounts/tableServices/tables@2023-05-01' = [for tableName in tableNames: {
  parent: tables
  name: tableName
}]

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (isLocked) {
  scope: account
  name: 'keeps-moments-data'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds the records of all files, and contents that are nowhere else. Remove only to give all of it up.'
  }
}

output name string = account.name
output id string = account.id
