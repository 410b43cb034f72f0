using RealtimeSuite;
using RealtimeSuite.Web.Components;
using RealtimeSuite.Web.Forwarding;
using RealtimeSuite.Web.SignIn;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
builder.AddSignIn();
builder.AddForwarding();
builder.AddPages();

var app = builder.Build();

app.UseServiceDefaults();
app.UsePageErrors();
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapForwarding();
app.MapSignOut();
app.MapPages();

return app.RunService();
