// Moment Cloud: the container of contents, with what brings a content back after a mistake, and what cleans up.
//
// The app lets go of a content once it is proven in SharePoint: it deletes the blob. Versioning turns that into an
// earlier version; the rule below deletes versions older than `versionDays`, counted from when they were written;
// soft delete then keeps them for `softDeleteDays` more. So a content can be brought back for at least
// `softDeleteDays`, and for at most both together
// (learn.microsoft.com/azure/storage/blobs/versioning-overview, soft-delete-blob-overview).

param storageName string

@description('The app\'s address: the only page from which browsers may upload.')
param uploadOrigin string

param softDeleteDays int
param versionDays int

var container = 'moment-cloud'
var deadLetterContainer = 'event-dead-letters'

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: storageName
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: softDeleteDays
    }
    cors: {
      corsRules: [
        {
          allowedOrigins: [
            uploadOrigin
          ]
          allowedMethods: [
            'PUT'
            'OPTIONS'
          ]
          allowedHeaders: [
            'x-ms-*'
            'content-type'
            'content-md5'
          ]
          exposedHeaders: [
            'x-ms-request-id'
            'x-ms-error-code'
          ]
          maxAgeInSeconds: 3600
        }
      ]
    }
  }
}

resource momentCloud 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: container
  properties: {
    publicAccess: 'None'
  }
}

resource deadLetters 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: blobs
  name: deadLetterContainer
  properties: {
    publicAccess: 'None'
  }
}

// Each rule names one container, with a slash at its end: without it, it would be a prefix of other containers too.
// No rule deletes a current blob of Moment Cloud: what a customer keeps in Moment stays there.
resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: [
        {
          name: 'earlier-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                '${container}/'
              ]
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: versionDays
                }
              }
            }
          }
        }
        {
          name: 'dead-letters'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                '${deadLetterContainer}/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: 90
                }
              }
              version: {
                delete: {
                  daysAfterCreationGreaterThan: 90
                }
              }
            }
          }
        }
      ]
    }
  }
  dependsOn: [
    blobs
  ]
}

output deadLetterContainer string = deadLetters.name
