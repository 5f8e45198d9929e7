// The optional virtual network: the app leaves through one subnet, both storage accounts answer in another.
// The app itself stays reachable: Event Grid, Graph and people call it from outside.

param name string
param location string
param tags object

@description('Storage accounts to reach privately.')
param storageNames array

var services = [
  'blob'
  'queue'
  'table'
]

// One for each service of each account: account by account, and for each in the order of the services.
var count = length(storageNames) * length(services)

resource vnet 'Microsoft.Network/virtualNetworks@2024-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        '10.71.0.0/16'
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: '10.71.0.0/24'
          // What Flex Consumption asks for (learn.microsoft.com/azure/azure-functions/flex-consumption-plan).
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'storage'
        properties: {
          addressPrefix: '10.71.1.0/24'
        }
      }
    ]
  }
}

resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' existing = {
  parent: vnet
  name: 'app'
}

resource storageSubnet 'Microsoft.Network/virtualNetworks/subnets@2024-01-01' existing = {
  parent: vnet
  name: 'storage'
}

resource zone 'Microsoft.Network/privateDnsZones@2020-06-01' = [for service in services: {
  name: 'privatelink.${service}.${environment().suffixes.storage}'
  location: 'global'
  tags: tags
}]

resource zoneLink 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2020-06-01' = [for (service, index) in services: {
  parent: zone[index]
  name: 'moment-${service}'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: {
      id: vnet.id
    }
  }
}]

resource endpoint 'Microsoft.Network/privateEndpoints@2024-01-01' = [for index in range(0, count): {
  name: 'pe-${storageNames[index / length(services)]}-${services[index % length(services)]}'
  location: location
  tags: tags
  properties: {
    subnet: {
      id: storageSubnet.id
    }
    privateLinkServiceConnections: [
      {
        name: services[index % length(services)]
        properties: {
          privateLinkServiceId: resourceId('Microsoft.Storage/storageAccounts', storageNames[index / length(services)])
          groupIds: [
            services[index % length(services)]
          ]
        }
      }
    ]
  }
}]

resource zoneGroup 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2024-01-01' = [for index in range(0, count): {
  parent: endpoint[index]
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [
      {
        name: services[index % length(services)]
        properties: {
          privateDnsZoneId: zone[index % length(services)].id
        }
      }
    ]
  }
}]

output appSubnetId string = appSubnet.id
