// What somebody should look at. Each rule rests on a constant log message of the app, on the platform's requests, or
// on a metric; docs/deploy.md says what each means, docs/operate.md what the lines say.

param location string
param tags object
param insightsId string
param topicId string

@description('Where alerts are mailed to; empty: nowhere.')
param email string

@description('Whether SharePoint is connected. Before that everything would fail, as it must.')
param isConnected bool

// `found` of the query is compared with the threshold. Durations in ISO 8601. A query looks at one window; that of a day
// says itself how far back, up to two days, so that a run a minute late is no alert.
var rules = [
  {
    name: 'given-up'
    severity: 1
    description: 'A message failed five times and was given up (poison queue). Look at the page, Attention, or run: python -m tools.admin put-back --list'
    every: 'PT5M'
    window: 'PT15M'
    query: '''
traces
| where message startswith 'given up'
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
  {
    name: 'no-token'
    severity: 1
    description: 'Microsoft Entra gives no token for SharePoint: the app registration or its federated credential is gone or changed. All files wait.'
    every: 'PT5M'
    window: 'PT15M'
    query: '''
traces
| where message startswith 'no token for SharePoint'
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
  {
    name: 'misconfigured'
    severity: 1
    description: 'The app refuses to work with its settings; the log names each problem.'
    every: 'PT5M'
    window: 'PT15M'
    query: '''
traces
| where message startswith 'the app is misconfigured'
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
  {
    name: 'files-need-attention'
    severity: 2
    description: 'Files are blocked: their reasons say what helps.'
    every: 'PT15M'
    window: 'PT1H'
    query: '''
traces
| where message startswith 'file needs attention'
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
  {
    name: 'quiet-subscription'
    severity: 2
    description: 'SharePoint changed a library and told nobody; it is polled and subscribed anew. Several at once: the notification address is not reached.'
    every: 'PT15M'
    window: 'PT6H'
    query: '''
traces
| where message startswith 'library is quiet'
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 3
  }
  {
    name: 'budget-used-up'
    severity: 2
    description: 'The day\'s budget of SharePoint resource units is used up: files wait until tomorrow. Raise SHAREPOINT_UNITS_PER_DAY only if the tenant has more.'
    every: 'PT15M'
    window: 'PT1H'
    query: '''
traces
| where message startswith 'budget is used up'
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
  {
    name: 'run-failed'
    severity: 2
    description: 'A sync run ended as failed or partly: GET /api/sync-runs shows the parts and their reasons.'
    every: 'PT15M'
    window: 'PT1H'
    query: '''
traces
| where message startswith 'sync run ended'
| where tostring(customDimensions.outcome) in ('failed', 'partly')
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 1
  }
  {
    name: 'daily-run-late'
    severity: 2
    description: 'The daily job has not begun for a day. What events missed is not repaired meanwhile.'
    every: 'PT1H'
    window: 'P1D'
    query: '''
traces
| where timestamp > ago(26h)
| where message startswith 'daily job begun'
| summarize found = count()
'''
    operator: 'LessThan'
    threshold: 1
  }
  {
    name: 'server-errors'
    severity: 2
    description: 'The API or the page answered with 5xx several times.'
    every: 'PT5M'
    window: 'PT15M'
    query: '''
requests
| where toint(resultCode) >= 500
| summarize found = count()
'''
    operator: 'GreaterThanOrEqual'
    threshold: 5
  }
]

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(email)) {
  name: 'ag-moment'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'moment'
    enabled: true
    emailReceivers: [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource rule 'Microsoft.Insights/scheduledQueryRules@2021-08-01' = [for each in rules: {
  name: 'moment-${each.name}'
  location: location
  tags: tags
  properties: {
    displayName: 'Moment: ${each.name}'
    description: each.description
    severity: each.severity
    enabled: isConnected
    scopes: [insightsId]
    evaluationFrequency: each.every
    windowSize: each.window
    overrideQueryTimeRange: each.window == 'P1D' ? 'P2D' : null
    autoMitigate: true
    // A new workspace has no tables yet.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: each.query
          metricMeasureColumn: 'found'
          timeAggregation: 'Total'
          operator: each.operator
          threshold: each.threshold
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: empty(email) ? [] : [people.id]
    }
  }
}]

// By the topic's own metrics, because an event that never arrived leaves nothing in the app's logs. Nothing is lost:
// the daily job finds such blobs by listing the container.
var eventMetrics = [
  {
    name: 'events-dead-lettered'
    metric: 'DeadLetteredCount'
  }
  {
    name: 'events-dropped'
    metric: 'DroppedEventCount'
  }
]

resource eventsLost 'Microsoft.Insights/metricAlerts@2018-03-01' = [for each in eventMetrics: {
  name: 'moment-${each.name}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid could not deliver that a file arrived. Run the hook again: azd hooks run postdeploy'
    severity: 2
    enabled: true
    scopes: [topicId]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: each.name
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: each.metric
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    actions: empty(email) ? [] : [{ actionGroupId: people.id }]
  }
}]
