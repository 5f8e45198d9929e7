// Who the app is: for storage, for telemetry, and for the app registration, which trusts it instead of a secret.
// User-assigned, so that its roles can be given before the app starts, and outlive the app.

param name string
param location string
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
