using RealtimeSuite;
using RealtimeSuite.Web;
using RealtimeSuite.Web.Components;
using RealtimeSuite.Web.Forwarding;
using RealtimeSuite.Web.Operations;
using RealtimeSuite.Web.SignIn;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddSignIn();
builder.AddForwarding();
builder.AddPages();
builder.AddOperationPages();

var app = builder.Build();

app.UseServiceDefaults();
app.UseContentSecurity();
app.UsePageErrors();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapForwarding();
app.MapSignOut();
app.MapPages();

return app.RunService();
