// App Service Authentication: people sign in with a cookie, programs with a token; the app decides by their roles
// (docs/roles.md, docs/decisions/0023). Callers that are not signed in reach the app too: it answers each of them
// itself, a page with the way to the sign-in, a program with a 401, a webhook by its own secret.

param appName string
param tenantId string
param clientId string

// What proves itself otherwise: Event Grid by the system key in its address, Graph by the subscription's clientState.
// Sign-in is not even looked at there, so that no header of theirs can be taken for a bad one.
var openPaths = [
  '/runtime/webhooks/blobs'
  '/api/sharepoint/notifications'
]

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource signIn 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
      excludedPaths: openPaths
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'
          clientId: clientId
          // No secret: the setting names the identity whose token stands for one
          // (learn.microsoft.com/azure/app-service/configure-authentication-provider-aad).
          clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
        }
        validation: {
          allowedAudiences: [
            clientId
            'api://${clientId}'
          ]
        }
      }
    }
    login: {
      // The app needs to know who calls, not their tokens: none is kept.
      tokenStore: {
        enabled: false
      }
      cookieExpiration: {
        convention: 'FixedTime'
        timeToExpiration: '08:00:00'
      }
    }
    httpSettings: {
      requireHttps: true
      routes: {
        apiPrefix: '/.auth'
      }
    }
  }
}
