"""What people use instead, on the same data: pandas, `lifetimes`, mlxtend and ChannelAttribution."""
