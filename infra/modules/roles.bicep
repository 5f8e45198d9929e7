// What the app's identity may, each with its reason. Nothing on the subscription or the group, no management role
// (learn.microsoft.com/azure/azure-functions/functions-reference#connections).

param principalId string
param hostStorageName string
param momentStorageName string
param insightsName string

var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageQueueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

var hostRoles = [
  {
    id: storageBlobDataOwner
    reason: 'Reads the package, and keeps function keys, timers and their locks.'
  }
  {
    id: storageQueueDataContributor
    reason: 'The blob trigger turns each event into a message on a queue of its own.'
  }
  {
    id: storageTableDataContributor
    reason: 'The host writes its diagnostic events there.'
  }
]

var momentRoles = [
  {
    id: storageBlobDataOwner
    reason: 'The blob trigger asks for it; the app reads and lets go of contents, and gets the key that signs upload URLs, which needs a role on the account.'
  }
  {
    id: storageQueueDataContributor
    reason: 'Queue triggers take messages and make poison queues; the app sends messages.'
  }
  {
    id: storageTableDataContributor
    reason: 'The records of all files.'
  }
]

resource hostStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: hostStorageName
}

resource momentStorage 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: momentStorageName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource onHostStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in hostRoles: {
  scope: hostStorage
  name: guid(hostStorage.id, principalId, role.id)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    description: role.reason
  }
}]

resource onMomentStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for role in momentRoles: {
  scope: momentStorage
  name: guid(momentStorage.id, principalId, role.id)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role.id)
    description: role.reason
  }
}]

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, principalId, monitoringMetricsPublisher)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    description: 'Writes logs and metrics: keys are not accepted there.'
  }
}
