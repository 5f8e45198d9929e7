// The Moment SharePoint integration in Azure. docs/deploy.md says how to deploy it and what each parameter is for.
//
// Order matters: identity, storage and roles are there before the app starts, because a role takes up to ten minutes
// to work; the blob service comes after the app, because browsers may upload from the app's address only; the event
// subscription comes last of all, from infra/hooks/, because its key exists only once the app's code runs.
targetScope = 'subscription'

@description('Name of the environment; part of every name and tag.')
@minLength(1)
param environmentName string

@description('Where everything is made.')
@metadata({ azd: { type: 'location' } })
param location string

@description('The SharePoint sites that hold the libraries, like contoso.sharepoint.com:/sites/moment, separated by commas.')
@minLength(1)
param sharePointSites string

@description('The app registration that may use the sites and signs people in. Empty until it is connected: then nobody gets in and no file moves.')
param graphClientId string = ''

@description('The Microsoft Entra tenant of that registration.')
param graphTenantId string = tenant().tenantId

@description('Where alerts are mailed to; empty: they are only shown in Azure Monitor.')
param alertEmail string = ''

@description('Memory of an instance. Python holds up to 16 small files and three large ones at once.')
@allowed([512, 2048, 4096])
param instanceMemoryMb int = 2048

@description('Most instances of each group of functions. 40 is what every region accepts; SharePoint\'s budget needs few.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Instances that never sleep, like [{ name: \'http\', instanceCount: 1 }]. They cost money all day.')
param alwaysReady array = []

@description('Redundancy of Moment\'s data. Where the region has no zones: Standard_LRS or Standard_GRS.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param dataRedundancy string = 'Standard_ZRS'

@description('For so many days what was deleted from Moment Cloud can be brought back.')
@minValue(7)
@maxValue(365)
param softDeleteDays int = 30

@description('A content that was overwritten or let go of is soft-deleted once it is older than this.')
@minValue(7)
@maxValue(365)
param versionDays int = 30

@description('Whether nobody, this template included, can delete Moment\'s data before a lock is removed. Recommended for production.')
param lockData bool = false

@description('Whether the app reaches storage through a virtual network.')
param vnetEnabled bool = false

@description('With the virtual network: public addresses or ranges from which people may upload. Empty: from anywhere, with a signed URL.')
param allowedIpRanges array = []

@description('For so many days logs are kept, 30 to 730.')
param logDays int = 90

@description('App settings that differ from what infra/modules/app.bicep says.')
param appSettings object = {}

@description('Tags of your own on everything.')
param tags object = {}

var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName })
var isConnected = !empty(graphClientId)
var packageContainer = 'app-package'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-moment-${token}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-moment-${token}'
    insightsName: 'appi-moment-${token}'
    location: location
    tags: allTags
    logDays: logDays
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  name: 'host-storage'
  scope: group
  params: {
    name: 'sthost${token}'
    location: location
    tags: allTags
    packageContainer: packageContainer
    isPrivate: vnetEnabled
  }
}

module momentStorage 'modules/moment-storage.bicep' = {
  name: 'moment-storage'
  scope: group
  params: {
    name: 'stmoment${token}'
    location: location
    tags: allTags
    redundancy: dataRedundancy
    allowedIpRanges: vnetEnabled ? allowedIpRanges : []
    isLocked: lockData
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    principalId: identity.outputs.principalId
    hostStorageName: hostStorage.outputs.name
    momentStorageName: momentStorage.outputs.name
    insightsName: monitoring.outputs.insightsName
  }
}

module network 'modules/network.bicep' = if (vnetEnabled) {
  name: 'network'
  scope: group
  params: {
    name: 'vnet-moment-${token}'
    location: location
    tags: allTags
    storageNames: [hostStorage.outputs.name, momentStorage.outputs.name]
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: 'func-moment-${token}'
    planName: 'plan-moment-${token}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostStorageName: hostStorage.outputs.name
    packageContainer: packageContainer
    momentStorageName: momentStorage.outputs.name
    insightsName: monitoring.outputs.insightsName
    sharePointSites: sharePointSites
    graphTenantId: graphTenantId
    graphClientId: graphClientId
    instanceMemoryMb: instanceMemoryMb
    maximumInstances: maximumInstances
    alwaysReady: alwaysReady
    subnetId: vnetEnabled ? network.outputs.appSubnetId : ''
    extraSettings: appSettings
  }
  dependsOn: [roles]
}

module signIn 'modules/sign-in.bicep' = if (isConnected) {
  name: 'sign-in'
  scope: group
  params: {
    appName: app.outputs.name
    tenantId: graphTenantId
    clientId: graphClientId
  }
}

module momentCloud 'modules/moment-cloud.bicep' = {
  name: 'moment-cloud'
  scope: group
  params: {
    storageName: momentStorage.outputs.name
    uploadOrigin: app.outputs.url
    softDeleteDays: softDeleteDays
    versionDays: versionDays
  }
}

module events 'modules/events.bicep' = {
  name: 'events'
  scope: group
  params: {
    name: 'evgt-moment-${token}'
    location: location
    tags: allTags
    storageName: momentStorage.outputs.name
    deadLetterContainer: momentCloud.outputs.deadLetterContainer
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    tags: allTags
    insightsId: monitoring.outputs.insightsId
    topicId: events.outputs.topicId
    email: alertEmail
    isConnected: isConnected
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    location: location
    tags: allTags
    insightsId: monitoring.outputs.insightsId
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = graphTenantId
output AZURE_RESOURCE_GROUP string = group.name
@description('What infra/hooks/postdeploy.sh and tools/infra need: names, no secrets.')
output MOMENT_APP_ID string = app.outputs.id
output MOMENT_APP_NAME string = app.outputs.name
output MOMENT_APP_URL string = app.outputs.url
output MOMENT_EVENT_TOPIC_ID string = events.outputs.topicId
output MOMENT_STORAGE_ID string = momentStorage.outputs.id
output MOMENT_DEAD_LETTER_CONTAINER string = momentCloud.outputs.deadLetterContainer

@description('What connecting SharePoint needs: the identity that the app registration is to trust, and where Entra sends people back to.')
output MOMENT_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output MOMENT_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output MOMENT_SIGN_IN_CALLBACK string = '${app.outputs.url}/.auth/login/aad/callback'
output MOMENT_NEXT_STEP string = isConnected ? 'Open ${app.outputs.url}/ and sign in.' : 'make connect (docs/connect.md), then: azd provision'
