#!/bin/sh
# @asset
echo "\(x) \"""# \#(y)" > "$ASSETCTL_OUTPUT"
