// One page in Azure Monitor for whoever looks after the app.

param location string
param tags object
param insightsId string

resource workbook 'Microsoft.Insights/workbooks@2022-04-01' = {
  name: guid(resourceGroup().id, 'moment-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Moment and SharePoint'
    category: 'workbook'
    sourceId: insightsId
    serializedData: loadTextContent('../workbook.json')
  }
}
