// Loaded into Azurite before it starts. Azurite looks up a row by PartitionKey, then by RowKey, and so compares every row
// of the partition; real Table Storage has an index over both. RowKey first finds the same row at once.
const { prototype } = require("lokijs").Collection;
const findOne = prototype.findOne;

prototype.findOne = function findRow(query) {
  if (query && query.RowKey !== undefined && query.PartitionKey !== undefined) {
    return findOne.call(this, { RowKey: query.RowKey, PartitionKey: query.PartitionKey });
  }
  return findOne.call(this, query);
};
